"""Members, contacts, keys and sign-in, reporting periods, reference data, submissions, reviews, corrections."""
