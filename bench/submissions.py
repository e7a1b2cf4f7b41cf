"""The event of all rows: a submission with three observations, and the institutions and quarters it belongs to."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from typing import Any

from nrem_embedded.demonstration.reference_data import initial_data
from nrem_embedded.project_data import data_folder
from nrem_shared.runtime.identity.tokens import TokenIssuer

MEMBERS = 60
GROUP = "working_group_2025"

Key = tuple[str, str]


def members() -> list[str]:
    """Codes of the institutions that report."""
    return [f"bench{number:02d}" for number in range(MEMBERS)]


def quarters(count: int) -> list[str]:
    """Codes of that many quarters: far from today, and of years that are taken."""
    return [f"{2070 + number // 4}-Q{number % 4 + 1}" for number in range(count)]


def streams(count: int) -> list[Key]:
    """That many streams, one after the other through all members of a quarter."""
    named = members()
    codes = quarters(-(-count // MEMBERS))
    return [(codes[number // MEMBERS], named[number % MEMBERS]) for number in range(count)]


def institutions() -> list[dict[str, Any]]:
    """The institutions as intake's API takes them."""
    return [
        {
            "code": code,
            "abbreviation": code.upper(),
            "name": {"lv": f"Iestāde {code}", "en": f"Institution {code}"},
            "kind": "law_enforcement",
            "counting_route": "criminal_proceedings",
            "memberships": [{"group": GROUP, "since": "2020-01-01"}],
        }
        for code in members()
    ]


def reference() -> list[dict[str, Any]]:
    """The platform's own reference data; its first indicator may be reported by everybody here."""
    return [
        {**item, "reported_by": "all"} if item["code"] == "VICT_REG" else item
        for item in initial_data(data_folder()).reference
    ]


def content(number: int) -> dict[str, Any]:
    """One submission: three figures in six dimensions, about 700 bytes."""
    return {
        "observations": [
            {
                "indicator": "VICT_REG",
                "registering_route": "CRIM_PROC",
                "victim_status": "IDENTIFIED" if place else "PRESUMED",
                "sex": "F" if (number + place) % 2 else "M",
                "age_group": "ADULT",
                "citizenship": "LV",
                "form_of_exploitation": ("SEXUAL", "LABOUR", "FORCED_MARRIAGE")[place],
                "value": number % 50 + place,
            }
            for place in range(3)
        ]
    }


def tokens(issuer: TokenIssuer) -> dict[str, str]:
    """A token for each institution's machine."""
    return {
        code: issuer.issue(subject=f"key:{code}", roles=frozenset({"member"}), member=code, display=code)
        for code in members()
    }


def single_requests(keys: list[Key], bearer: dict[str, str]) -> Iterator[bytes]:
    """Each stream's first submission, with an Idempotency-Key."""
    for number, (period, member) in enumerate(keys):
        path = f"/api/periods/{period}/submissions/{member}"
        yield request(path, json.dumps(content(number)).encode(), bearer[member])


def bulk_requests(count: int, bearer: dict[str, str], size: int) -> Iterator[bytes]:
    """One institution's submissions for `size` quarters in each request."""
    codes = quarters(-(-count // MEMBERS))
    for first in range(0, len(codes) - size + 1, size):
        for member in members():
            documents = [
                {"period": code, "member": member, "content": content(first + place)}
                for place, code in enumerate(codes[first : first + size])
            ]
            body = json.dumps({"submissions": documents}).encode()
            yield request("/api/submissions", body, bearer[member])


def request(path: str, body: bytes, token: str = "") -> bytes:
    """A POST as it goes over the wire."""
    bearer = f"Authorization: Bearer {token}\r\n" if token else ""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n{bearer}"
        f"Idempotency-Key: {secrets.token_hex(12)}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
