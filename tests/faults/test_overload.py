"""More people at once than can be served: refusals are clean, and what was acknowledged is there."""

from __future__ import annotations

import asyncio
from collections import Counter

import httpx
import pytest

from faults.people import observation
from nrem_shared.runtime.problems import MEDIA_TYPE

pytestmark = pytest.mark.asyncio(loop_scope="session")
CLIENTS = 200


async def test_two_hundred_clients_posting_at_once(installation, people, book, new_stream, equality) -> None:
    api = installation.roles["intake:api"]
    streams = [new_stream() for _ in range(10)]
    refused_before = await api.metric("nrem_requests_refused_total")
    limits = httpx.Limits(max_connections=CLIENTS, keepalive_expiry=5)
    begun = asyncio.Barrier(CLIENTS)

    async with httpx.AsyncClient(trust_env=False, timeout=60, limits=limits) as http:

        async def one(number: int) -> httpx.Response:
            stream = streams[number % len(streams)]
            headers = installation.signing.bearer("member", member=stream.member)
            headers["Idempotency-Key"] = f"overload/{stream.subject}"  # twenty who repeat the same request
            path = f"/api/periods/{stream.period}/submissions/{stream.member}"
            await begun.wait()
            body = {"observations": [observation("ABROAD_SUPPORT", 5)]}
            return await http.post(people.url("intake", path), json=body, headers=headers)

        answers = await asyncio.gather(*(one(number) for number in range(CLIENTS)))
        health = await api.health()
    counted = Counter(answer.status_code for answer in answers)
    assert set(counted) == {201, 503}, counted
    assert health == 200
    for answer in answers:
        if answer.status_code == 503:
            assert answer.headers["content-type"] == MEDIA_TYPE
            assert int(answer.headers["retry-after"]) >= 1
    assert await api.metric("nrem_requests_refused_total") - refused_before == counted[503]
    for stream in streams:
        mine = [a for a in answers if a.status_code == 201 and stream.subject.endswith(f"/{a.json()['member']}")]
        if any(a.json()["period"] == stream.period for a in mine):
            book.submitted(stream, {"ABROAD_SUPPORT": 5})
    await equality.holds()
