"""Limits: how many of what in how long. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

QUARTER_OF_AN_HOUR = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many within the time before now."""

    what: str
    most: int
    within: timedelta = QUARTER_OF_AN_HOUR


#: Links to one address that one client may ask for: more is a nuisance to whoever reads them.
LINKS_PER_ADDRESS_AND_CLIENT = Limit("link:address-client", 5)

#: Links that one address may be sent by everybody; so many that one stranger cannot use them all up.
LINKS_PER_ADDRESS = Limit("link:address", 20)

#: One-time or recovery codes that one person may try: a million codes and three valid ones leave no chance.
CODES_PER_PERSON = Limit("code:person", 8)

#: Links that one browser or network may open: nobody tries out secrets of 256 bits, but a loop may.
OPENED_PER_CLIENT = Limit("open:client", 120)


def links_per_client(most: int) -> Limit:
    """Links that one client address, which may be a whole ministry's, may ask for."""
    return Limit("link:client", most)
