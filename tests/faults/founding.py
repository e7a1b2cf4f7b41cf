"""What stands before the first submission: over the APIs, as an installation does it."""

from __future__ import annotations

import asyncio
from datetime import date

from data_catalogue import DATA
from faults.people import MEMBERS, NOW, PERIODS, People
from nrem_embedded.demonstration.reference_data import initial_data
from unit.notifier import golden

GROUP = "working_group_2025"


async def found(people: People) -> None:
    """Institutions, reference data, periods, contacts of the members, policies; the clock stands at `NOW`."""
    data = initial_data(DATA)
    await _post(people, "intake", "/api/clock", {"to": NOW})
    await _post(people, "intake", "/api/reference", list(data.reference))
    await _post(people, "intake", "/api/members", list(data.institutions))
    for code in PERIODS:
        year, quarter = int(code[:4]), int(code[-1])
        due = date(year + quarter // 4, quarter * 3 % 12 + 1, 15)
        body = {"code": code, "group": GROUP, "due": due.isoformat(), "illustrative": True}
        await _post(people, "intake", "/api/periods", body)
    await asyncio.gather(*(_contact(people, member) for member in MEMBERS))
    policies = golden.policies().model_copy(update={"remind_from": date(2026, 1, 1)})
    await _post(people, "notifier", "/api/calendar", golden.calendar().model_dump(mode="json"))
    await _post(people, "notifier", "/api/policies", policies.model_dump(mode="json"))


async def _post(people: People, service: str, path: str, body: object) -> None:
    answer = await people.ask(service, path, "iem", body)
    assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"


async def _contact(people: People, member: str) -> None:
    path = f"/api/members/{member}/contacts/focal_point"
    body = {"address": f"focal_point@{member}.example", "language": "lv", "illustrative": True}
    headers = people.installation.signing.bearer("coordinator", member="iem")
    answer = await people._http.put(people.url("intake", path), json=body, headers=headers)
    assert answer.is_success, answer.text
