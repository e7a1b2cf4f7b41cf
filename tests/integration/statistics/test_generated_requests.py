"""Statistics answers every request that can be made from its OpenAPI document as the document says."""

from __future__ import annotations

from typing import Any

from integration.statistics.history_data import history
from support.requests_of_documents.known import Known, position_of
from support.requests_of_documents.trial import check_every_answer
from support.running import Running
from support.signing import Signing

QUARTER = {"period": "2026-Q1"}


async def test_whatever_is_asked_the_answer_is_one_of_the_documented(statistics: Running, signing: Signing) -> None:

    async def redaction() -> dict[str, Any]:
        return {"position": await position_of(statistics, "nrem.history.recorded.v1"), "reason": "A name"}

    body = history().model_dump(mode="json")
    known = [
        Known("GET /api/quarters/{period}", "coordinator", QUARTER, query={"as_known_on": "2026-08-01"}),
        Known("POST /api/quarters/{period}/releases", "coordinator", QUARTER),
        Known("GET /api/quarters/{period}/releases", "member", QUARTER),
        Known("GET /api/quarters/{period}/releases/{version}", "member", {**QUARTER, "version": 1}),
        Known("GET /api/periods/{period}/completeness", "member", QUARTER, query={"as_known_on": "2026-08-01"}),
        Known("POST /api/history", "coordinator", body=body),
        Known("POST /api/redactions", "coordinator", body=redaction),
    ]
    await check_every_answer(statistics, signing, known)
