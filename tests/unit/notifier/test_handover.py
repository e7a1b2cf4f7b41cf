"""When a focal point leaves, what the institution owes is told to the deputy, until somebody holds the office again."""

from __future__ import annotations

from nrem_notifier.obligations.domain.recipients import Contact, Contacts
from nrem_notifier.obligations.domain.values import Recipient

FOCAL, DEPUTY = Recipient("km", "focal_point"), Recipient("km", "deputy")
HOLDERS = {
    role: Contact(f"{member}-{role}", member, role, f"{role}@{member}.example", "lv")
    for member, role in (("km", "focal_point"), ("km", "deputy"), ("iem", "coordinator"), ("iem", "operator"))
}


def contacts(*roles: str) -> Contacts:
    return Contacts([HOLDERS[role] for role in roles], "iem")


def test_the_deputy_is_written_to_while_nobody_is_the_focal_point() -> None:
    left = contacts("deputy", "coordinator").reach(FOCAL)
    assert left is not None
    assert (left.contact.role, left.fallback) == ("deputy", False)
    back = contacts("focal_point", "deputy", "coordinator").reach(FOCAL)
    assert back is not None
    assert back.contact.role == "focal_point"


def test_without_a_deputy_the_coordinator_is_and_a_deputy_stands_in_for_no_officer() -> None:
    nobody = contacts("coordinator").reach(FOCAL)
    assert nobody is not None
    assert (nobody.contact.role, nobody.fallback) == ("coordinator", True)
    officer = contacts("deputy", "coordinator").reach(Recipient("km", "authorised_officer"))
    assert officer is not None
    assert (officer.contact.role, officer.fallback) == ("coordinator", True)


def test_a_mailbox_that_stands_in_has_one_digest_a_day() -> None:
    assert contacts("deputy").roles_at("deputy@km.example") == {FOCAL, DEPUTY}
    assert contacts("focal_point", "deputy").roles_at("deputy@km.example") == {DEPUTY}


def test_an_operator_is_written_to_in_nobodys_place() -> None:
    for recipient in (FOCAL, Recipient("iem", "coordinator"), Recipient("iem", "focal_point")):
        assert contacts("operator").reach(recipient) is None
