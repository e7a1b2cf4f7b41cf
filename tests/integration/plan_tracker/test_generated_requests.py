"""plan-tracker answers every request that can be made from its OpenAPI document as the document says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from data_catalogue import DATA, load
from integration.plan_tracker.scenario import BASE, Life, steps
from nrem_embedded.demonstration.meeting_steps import PLAN
from nrem_embedded.demonstration.reference_data import legal_deadlines, recommendations
from nrem_embedded.demonstration.steps import COORDINATOR, Step
from support.requests_of_documents.known import Known, position_of
from support.requests_of_documents.trial import check_every_answer

#: Before the second meeting of the year is held: what happens from then on is sent by the test.
BEFORE = "2026-08-09T12:00:00+03:00"
SECOND = "M-2026-Q2"
OWN = {"code": "M-2026-EXTRA"}
TEXT = {"lv": "Teksts", "en": "Text"}
ITEM = {"item": 1, "kind": "STANDING", "text": TEXT}


@pytest.mark.timeout(400)
async def test_whatever_is_asked_the_answer_is_one_of_the_documented(life: Life) -> None:
    await life.until(BEFORE)
    await check_every_answer(life.service, life.signing, [*known(life), *of_one_more_meeting()])


def known(life: Life) -> Iterator[Known]:
    """Reference data again, the second meeting as the demonstration has it, and what can be read after it."""
    yield Known("POST /api/plans", "coordinator", body=load("plans/2025-2027.yaml")["plan"])
    for path, items in (("legal-deadlines", legal_deadlines(DATA)), ("recommendations", recommendations(DATA))):
        yield Known(f"POST /api/{path}", "coordinator", body=[one.model_dump(mode="json") for one in items])
    for step in steps():
        if f"/{SECOND}/" in step.key and step.at > datetime.fromisoformat(BEFORE):
            yield of_step(life, step)
    result = next({"plan": PLAN, "result": step.subject} for step in steps() if step.action == "verdict")
    yield Known("POST /api/tasks/{code}/done", "member", {"code": "T-2026-03"}, body={}, member="km")
    yield Known("GET /api/plans/{code}", "", {"code": PLAN})
    yield Known("GET /api/plans/{plan}/results/{result}", "coordinator", result, query={"as_known_on": "2026-08-01"})
    yield Known("GET /api/periods/{period}/progress", "coordinator", {"period": "2026-Q1"})
    yield Known("GET /api/meetings/{code}", "coordinator", {"code": SECOND})
    yield Known("GET /api/meetings/{code}/minutes", "coordinator", {"code": SECOND})
    yield Known("GET /api/challenges", "coordinator", query={"as_known_on": "2026-08-01"})
    yield Known("GET /api/future-plans", "coordinator", query={"as_known_on": "2026-08-01T12:00:00+03:00"})

    async def redaction() -> dict[str, Any]:
        position = await position_of(life.service, "nrem.verdict.given.v1")
        return {"position": position, "places": ["/text"], "reason": "A name"}

    yield Known("POST /api/redactions", "coordinator", body=redaction)
    deadline = next(one for one in legal_deadlines(DATA) if one.next)
    met = {"due": deadline.next[0].isoformat()}
    yield Known("POST /api/legal-deadlines/{code}/met", "coordinator", {"code": deadline.code}, body=met)


def of_one_more_meeting() -> Iterator[Known]:
    """What the demonstration's meetings did not need."""
    body = {**OWN, "about": "2026-Q3", "starts_at": "2026-12-22T10:00:00+02:00", "agenda": [ITEM]}
    yield Known("POST /api/meetings", "secretariat", body=body)
    yield Known("GET /api/meetings/{code}/proposal", "secretariat", OWN)
    yield Known("GET /api/meetings/{code}/readiness", "secretariat", OWN)
    yield Known("POST /api/meetings/{code}/agenda", "secretariat", OWN, body={"agenda": [ITEM]})
    moved = {"starts_at": "2026-12-23T10:00:00+02:00", "reason": TEXT}
    yield Known("POST /api/meetings/{code}/move", "secretariat", OWN, body=moved)
    yield Known("POST /api/meetings/{code}/cancel", "secretariat", OWN, body={"reason": TEXT})


def of_step(life: Life, step: Step) -> Known:
    """A step of the demonstration as a request whose place in the document is known."""
    who, member = ("coordinator", None) if step.who == COORDINATOR else ("member", step.who)
    path = step.path.removeprefix(BASE)
    for rule in life.service.service.api.state.rules:
        method, _, template = rule.partition(" ")
        found = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template), path)
        if method == "POST" and found:
            return Known(rule, who, found.groupdict(), body=step.body, member=member, first=lambda: life.clock(step.at))
    raise AssertionError(path)
