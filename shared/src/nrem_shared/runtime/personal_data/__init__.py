"""The guard of free text: the platform holds counts and documents, never a person's identity.

`find_all` says what of a text is personal data, of which kind and where. It knows Latvian personal codes, telephone
numbers, e-mail addresses, bank accounts (IBAN) and numbers of passports and identity cards, also where they are
written with spaces, dots, full-width digits or invisible characters. What is not about a person is let through:
figures, dates, references to laws, registration numbers, and the contacts that institutions make known (`Allowed`).
"""

from nrem_shared.runtime.personal_data.allowing import ALLOWED_CONTACTS, NOTHING_ALLOWED, Allowed
from nrem_shared.runtime.personal_data.finding import find, find_all, quotable
from nrem_shared.runtime.personal_data.values import Kind, PersonalData

__all__ = ["ALLOWED_CONTACTS", "NOTHING_ALLOWED", "Allowed", "Kind", "PersonalData", "find", "find_all", "quotable"]
