"""Signing in, and who may do what: keys, links, an identity provider, second factors, sessions."""
