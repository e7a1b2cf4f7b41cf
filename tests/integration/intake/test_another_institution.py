"""What is one institution's own: whoever belongs to another one neither sees nor changes it, on every route to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx

from integration.intake.conftest import Intake
from integration.intake.test_submissions import PATH, content, referred
from nrem_intake.app import BLUEPRINT
from nrem_shared.contracts.submissions import SECTIONS
from nrem_shared.runtime.identity.principal import OF_AN_INSTITUTION

#: Whose everything is, and who asks for it, too.
OWNER, ANOTHER = "vp", "km"
REMARK = "Tulka nav arī marta beigās"

NAMES = {"period": "2026-Q1", "member": OWNER, "code": OWNER, "version": "1", "section": "observations"}
#: Routes of one institution that call it otherwise; `/api/members/{code}` itself is the register, and everybody's.
OTHERWISE_NAMED = {f"{method} /api/members/{{code}}/{of}" for method in ("GET", "POST") for of in ("keys", "contacts")}

#: Enough for what each kind of route reads first: it is who asks that is turned away, not a form that is incomplete.
FORM_SENT = {"revision": "0", "upload": "00000000-0000-4000-8000-000000000000", "digest": "0" * 64}
JSON_SENT = {"until": "2026-07-20", "reason": {"lv": "Iemesls"}, "version": 1, "at": "/observations/0", "text": "Vai?"}


def routes() -> Iterator[tuple[str, str, str]]:
    """Method, address, role: those who act for an institution and are let near it; what only reads comes first."""
    for name, rule in sorted(BLUEPRINT.rules.items(), key=lambda one: not one[0].startswith("GET ")):
        method, path = name.split(" ")
        if "{member}" in path or name in OTHERWISE_NAMED:
            for role in sorted(rule.roles & OF_AN_INSTITUTION):
                yield method, re.sub(r"\{(\w+)\}", lambda found: NAMES[found[1]], path), role


async def test_who_is_of_another_institution_gets_nowhere(intake: Intake) -> None:
    said = {**content(referred(9)), "challenges": [{"code": "CH-vp-1", "text": {"lv": REMARK}, "state": "open"}]}
    sent = await intake.post(PATH, said, intake.as_member(OWNER))
    assert sent.status_code == 201, sent.text
    before = await intake.everything()
    wrong, known, seen = [], 0, 0
    every = list(routes())
    for method, address, role in every:
        answer = await _asked(intake, method, address, role, ANOTHER)
        if answer.status_code not in (403, 404) or REMARK in answer.text:
            wrong.append(f"{method} {address} as {role} of {ANOTHER}: {answer.status_code}")
    assert await intake.everything() == before, "another institution changed something"
    for method, address, role in every:  # it is not that there is nothing: its own people get further
        answer = await _asked(intake, method, address, role, OWNER)
        known += answer.status_code not in (403, 404)
        seen += REMARK in answer.text
    assert not wrong, "\n".join(wrong)
    assert known > len(every) * 0.8, f"only {known} of {len(every)} addresses lead anywhere for their own people"
    assert seen > 3, f"only {seen} addresses show what nobody else may see"


async def _asked(intake: Intake, method: str, address: str, role: str, member: str) -> httpx.Response:
    sections = SECTIONS if role == "contributor" else ()
    token = intake.signing.token(role, member=member, sections=sections)
    body: dict[str, Any] = (
        {} if method == "GET" else {"json": JSON_SENT} if address.startswith("/api/") else {"data": FORM_SENT}
    )
    if address.startswith("/api/") and "/evidence/" in address and body:
        body = {"files": {"file": ("a.txt", b"Izraksts")}}
    return await intake.client.request(method, address, headers={"Authorization": f"Bearer {token}"}, **body)
