"""Contacts that the guard of free text lets through, as reference data on the bus names them."""
