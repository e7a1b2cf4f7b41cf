"""What reviewing means, apart from requests and the database. Pure."""
