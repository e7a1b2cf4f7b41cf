"""Requests that are made from a service's own OpenAPI document, and what every answer to them must keep to."""
