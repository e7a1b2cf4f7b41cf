"""What stands before the first quarter: reference data, members, contacts, keys, plans, history; over the APIs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from typing import Any

from nrem_embedded.demonstration.reference_data import Contact, InitialData
from nrem_embedded.demonstration.steps import COORDINATOR
from nrem_embedded.institutions import Institutions
from nrem_embedded.platform.state import InstitutionKey

#: Requests under way at once where their order does not matter.
_AT_ONCE = 8

Progress = Callable[[int], None]


class Founding:
    """Brings an empty platform to where its first quarter can open. Safe to repeat: what is there stays."""

    def __init__(
        self,
        institutions: Institutions,
        keys: dict[str, InstitutionKey],
        save_keys: Callable[[dict[str, InstitutionKey]], None],
    ) -> None:
        self._institutions = institutions
        self._keys = keys
        self._save_keys = save_keys
        self._after: list[str] = []

    async def load(self, data: InitialData, group: Iterable[str], done: Progress) -> None:
        """Send everything; `done` is told how many of its parts (see `parts_of`) were sent. Raises ApiError."""
        await self._post("/intake/api/reference", list(data.reference))
        await self._post("/intake/api/members", list(data.institutions))
        done(2)
        await self._post("/reminders/api/calendar", data.working_calendar)
        await self._post("/reminders/api/policies", data.policies)
        await self._each([self._contacts(member, those) for member, those in by_member(data).items()], done)
        await self._each([self._key(member) for member in group], done)
        await self._post("/plan/api/legal-deadlines", list(data.deadlines))
        for plan in data.plans:
            await self._post("/plan/api/plans", plan)
            done(1)
        await self._post("/plan/api/recommendations", list(data.recommendations))
        await self._post("/statistics/api/history", data.history)
        done(1)
        for start in range(0, len(self._after), 50):
            await self._institutions.settle(", ".join(self._after[start : start + 50]))

    async def _post(self, path: str, body: Any) -> None:
        headers = {"x-correlation-id": "demonstration:founding"}
        response = await self._institutions.do(COORDINATOR, "POST", path, json=body, headers=headers)
        self._follow(response.headers.get("nrem-after", ""))

    async def _contacts(self, member: str, contacts: list[Contact]) -> None:
        path = f"/intake/api/members/{member}/contacts"
        known = (await self._institutions.do(COORDINATOR, "GET", path)).json()
        for contact in contacts:
            body = {"address": contact.address, "language": contact.language, "illustrative": contact.illustrative}
            if any(each["role"] == contact.role and body.items() <= each.items() for each in known):
                continue
            response = await self._institutions.do(COORDINATOR, "PUT", f"{path}/{contact.role}", json=body)
            self._follow(response.headers.get("nrem-after", ""))

    async def _key(self, member: str) -> None:
        if member in self._keys:
            return
        path = f"/intake/api/members/{member}/keys"
        issued = (await self._institutions.do(COORDINATOR, "POST", path, json={"roles": ["member"]})).json()
        self._keys[member] = InstitutionKey.model_validate(issued)
        self._save_keys(self._keys)

    async def _each(self, work: list[Coroutine[Any, Any, None]], done: Progress) -> None:
        limit = asyncio.Semaphore(_AT_ONCE)

        async def one(job: Coroutine[Any, Any, None]) -> None:
            async with limit:
                await job
            done(1)

        async with asyncio.TaskGroup() as group:
            for job in work:
                group.create_task(one(job))

    def _follow(self, after: str) -> None:
        self._after += filter(None, (each.strip() for each in after.split(",")))


def by_member(data: InitialData) -> dict[str, list[Contact]]:
    """Institution → its contacts."""
    grouped: dict[str, list[Contact]] = {}
    for contact in data.contacts:
        grouped.setdefault(contact.member, []).append(contact)
    return grouped


def parts_of(data: InitialData, group: Iterable[str]) -> int:
    """How many parts `load` will report as done."""
    return 3 + len(by_member(data)) + len(list(group)) + len(data.plans)
