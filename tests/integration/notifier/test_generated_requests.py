"""The notifier answers every request that can be made from its OpenAPI document as the document says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from integration.notifier.stage import Stage
from integration.notifier.test_mails import PERIOD, at
from integration.notifier.test_today import stand
from support.requests_of_documents.known import Known, position_of
from support.requests_of_documents.trial import check_every_answer
from support.signing import Signing
from unit.notifier import golden

OBLIGATION = f"QUARTER/{PERIOD}/em"
MEMBER = {"institution": "em"}


# Nothing that is waited for comes: the test makes the passes.
@pytest.mark.parametrize("stage", [{"read_wait_seconds": 0.01}], indirect=True)
async def test_whatever_is_asked_the_answer_is_one_of_the_documented(stage: Stage, signing: Signing) -> None:
    await stand(stage)
    await stage.at(at("2026-10-20"))
    mail = next(str(row.mail) for row in await stage.rows() if row.mail)
    made = await stage.running.client.post("/api/calendars", json={}, headers=signing.bearer("coordinator"))
    secret = made.json()["url"].rpartition("/")[2].removesuffix(".ics")
    await check_every_answer(stage.running, signing, list(known(stage, mail, secret)))


def known(stage: Stage, mail: str, secret: str) -> Iterator[Known]:
    """What succeeds on the stage's day."""
    days = {"since": "2026-10-01", "until": "2026-10-31"}
    note = {"obligation": OBLIGATION, "text": "Phoned, promised Friday"}
    policies, calendar = (one.model_dump(mode="json") for one in (golden.policies(), golden.calendar()))
    yield Known("GET /api/obligations", "coordinator", query={**MEMBER, "met": "true"})
    yield Known("GET /api/ledger", "coordinator", query={**MEMBER, **days})
    yield Known("GET /api/preview", "coordinator", query={**MEMBER, "days": "30"})
    yield Known("GET /api/why", "coordinator", query={**MEMBER, "role": "focal_point", "day": "2026-10-20"})
    yield Known("GET /api/settled", "", query={"instant": "2026-10-20T05:00:00Z"})
    yield Known("POST /api/notes", "coordinator", body=note)

    async def redaction() -> dict[str, Any]:
        return {"position": await position_of(stage.running, "nrem.obligation.noted.v1"), "reason": "A name"}

    yield Known("POST /api/redactions", "coordinator", body=redaction)
    yield Known("GET /api/notes", "coordinator", query={"obligation": OBLIGATION})
    yield Known("POST /api/reminders", "coordinator", body={"obligation": OBLIGATION, "line": "Please"})
    yield Known("POST /api/policies", "coordinator", body=policies)
    yield Known("POST /api/calendar", "coordinator", body=calendar)
    yield Known("POST /api/sending", "coordinator", body={"paused": True, "reason": "Holidays"})
    yield Known("POST /api/mail/test", "coordinator", body={"address": "focal_point@em.example", "language": "en"})
    yield Known("GET /api/mails/{mail}", "coordinator", {"mail": mail})
    yield Known("POST /api/calendars", "coordinator", body={**MEMBER, "role": "focal_point"})
    yield Known("GET /calendars/{secret}.ics", "", {"secret": secret})
