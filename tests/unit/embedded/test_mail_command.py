"""What `nrem mail test` says when a mail is refused or does not leave."""

from __future__ import annotations

from typing import Any

import pytest

from nrem_embedded.cli.mail import _not_sent, _refusal, _sent

ADDRESS = "persona@iem.example"
SHOWN: dict[str, Any] = {
    "subject": "NREM", "sender": "nrem@iem.example", "server": "mail.iem.example:587 (STARTTLS)", "attempts": 0,
    "message_id": "<1@iem.example>", "state": "waiting", "cause": "", "detail": "",
}  # fmt: skip


def error(pointer: str, code: str, detail: str = "") -> dict[str, Any]:
    return {"errors": [{"pointer": pointer, "code": code, "detail": detail}]}


@pytest.mark.parametrize(
    ("address", "problem", "says"),
    [
        (ADDRESS, error("/address", "not_allowed"), "only addresses on the allow-list are (NREM_ALLOWED_RECIPIENTS"),
        ("nobody", error("/address", "string_pattern_mismatch"), "nobody is no e-mail address"),
        (ADDRESS, error("/language", "string_pattern_mismatch", "lv or en"), "refused: language: lv or en"),
        (ADDRESS, {"detail": "This is for: coordinator."}, "refused: This is for: coordinator."),
    ],
)
def test_a_refusal_says_why(address: str, problem: dict[str, Any], says: str) -> None:
    assert says in _refusal(address, problem)


@pytest.mark.parametrize(
    ("more", "held", "says"),
    [
        ({}, "paused", "sending is paused"),
        ({}, "stale", "not fresh"),
        ({}, "", "does the role `remind` of the notifier run?"),
        ({"attempts": 1, "cause": "refused", "detail": "550 no"}, "", "refused 550 no; it will be tried again"),
    ],
)
def test_what_did_not_leave_says_where_it_is(more: dict[str, Any], held: str, says: str) -> None:
    told = _not_sent(ADDRESS, {**SHOWN, **more}, held)
    assert says in told
    assert "mail.iem.example:587 (STARTTLS)" in told


def test_a_mail_that_failed_for_good_is_not_tried_again() -> None:
    told = _not_sent(ADDRESS, {**SHOWN, "state": "failed", "attempts": 1, "cause": "refused"}, "")
    assert told.endswith("was not taken: refused")


def test_what_was_sent_is_named_with_its_way() -> None:
    told = _sent(ADDRESS, SHOWN)
    assert "from nrem@iem.example to persona@iem.example" in told
    assert "through mail.iem.example:587 (STARTTLS), which took it (Message-ID <1@iem.example>)" in told
