"""`nrem load`: what an installation begins with, from the files of `data/`, over the services' own interfaces.

Each service compares with what it has: only what is new or changed becomes a fact, so everything can be sent again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nrem_embedded.institutions import ApiError
from nrem_shared.contracts.reminders import PoliciesAdopted, WorkingCalendarSet

if TYPE_CHECKING:
    from nrem_embedded.demonstration.reference_data import InitialData
    from nrem_embedded.institutions import Institutions
    from nrem_embedded.platform.screen import Part

Json = Any
_NOT_FOUND = 404
#: With whose key everything is sent.
_COORDINATOR = "coordinator"


@dataclass(frozen=True, slots=True)
class Sending:
    """One request: `bodies` are its items (sent together where there are several), `there` asks what is known.

    `found` picks out of that answer what belongs to one item; null where it is not known.
    """

    method: str
    path: str
    bodies: tuple[Json, ...]
    together: bool
    there: str
    found: Callable[[Json, Json], Json | None]


@dataclass(slots=True)
class Outlook:
    """What sending would do."""

    new: int = 0
    changed: int = 0
    same: int = 0


def reference(data: InitialData) -> Iterator[Sending]:
    """Code lists, indicators, projects."""
    for kind in ("codelist", "indicator", "project"):
        items = tuple(each for each in data.reference if each["kind"] == kind)
        yield Sending("POST", "/intake/api/reference", items, True, f"/intake/api/reference/{kind}", by_code)


def members(data: InitialData) -> Iterator[Sending]:
    """Institutions and their memberships; those above before those under them."""
    yield Sending("POST", "/intake/api/members", data.institutions, True, "/intake/api/members", by_code)


def contacts(data: InitialData) -> Iterator[Sending]:
    """Whom to write to, by institution and role."""
    for each in data.contacts:
        path = f"/intake/api/members/{each.member}/contacts"
        body = {"address": each.address, "language": each.language, "illustrative": each.illustrative}
        yield Sending("PUT", f"{path}/{each.role}", (body,), False, path, _in_role(each.role))


def calendar(data: InitialData) -> Iterator[Sending]:
    """Days off and moved working days, for reminders."""
    body = WorkingCalendarSet.model_validate(data.working_calendar).model_dump(mode="json")
    yield Sending("POST", "/reminders/api/calendar", (body,), False, "/reminders/api/calendar", whole)


def deadlines(data: InitialData) -> Iterator[Sending]:
    """Legal deadlines, and the policies that say when who is reminded."""
    yield Sending("POST", "/plan/api/legal-deadlines", data.deadlines, True, "/plan/api/legal-deadlines", by_code)
    body = PoliciesAdopted.model_validate(data.policies).model_dump(mode="json")
    yield Sending("POST", "/reminders/api/policies", (body,), False, "/reminders/api/policies", whole)


def plans(data: InitialData) -> Iterator[Sending]:
    """Policy plans, the later one first, for the earlier one refers to it."""
    for plan in data.plans:
        yield Sending("POST", "/plan/api/plans", (plan,), False, "/plan/api/plans", by_code)


def recommendations(data: InitialData) -> Iterator[Sending]:
    """What others recommended."""
    path = "/plan/api/recommendations"
    yield Sending("POST", path, data.recommendations, True, path, by_code)


def history(data: InitialData) -> Iterator[Sending]:
    """Yearly figures from before the platform."""
    yield Sending(
        "POST", "/statistics/api/history", (data.history,), False, "/statistics/api/years",
        lambda item, known: _first(known["history"], "series", item["series"]),
    )  # fmt: skip


#: What can be loaded, in the order in which it is.
KINDS: Mapping[str, Callable[[InitialData], Iterator[Sending]]] = {
    "reference": reference,
    "members": members,
    "contacts": contacts,
    "calendar": calendar,
    "deadlines": deadlines,
    "plans": plans,
    "recommendations": recommendations,
    "history": history,
}


def by_code(item: Json, known: Json) -> Json | None:
    """The entry with the same code."""
    return _first(known, "code", item["code"])


def _in_role(role: str) -> Callable[[Json, Json], Json | None]:
    def found(_: Json, known: Json) -> Json | None:
        return _first(known, "role", role)

    return found


def whole(_: Json, known: Json) -> Json | None:
    """There is only one."""
    return known


def _first(known: Sequence[Json], key: str, value: Json) -> Json | None:
    return next((each for each in known if each[key] == value), None)


async def look(institutions: Institutions, sendings: Sequence[Sending], part: Part) -> Outlook:
    """Compare with what is there; nothing is sent. Raises ApiError."""
    outlook, answers = Outlook(), dict[str, Json]()
    for each in sendings:
        if each.there not in answers:
            answers[each.there] = await _ask(institutions, each.there)
        for body in each.bodies:
            known = each.found(body, answers[each.there]) if answers[each.there] is not None else None
            outlook.new += known is None
            outlook.same += known is not None and within(body, known)
            outlook.changed += known is not None and not within(body, known)
            part.advance(1)
    return outlook


async def _ask(institutions: Institutions, path: str) -> Json | None:
    try:
        return (await institutions.do(_COORDINATOR, "GET", path)).json()
    except ApiError as error:
        if error.response.status_code == _NOT_FOUND:
            return None
        raise


def within(given: Json, known: Json) -> bool:
    """Whether everything given stands in what is known, which may say more; null says nothing."""
    if given is None:
        return True
    if isinstance(given, dict) and isinstance(known, dict):
        return all(within(value, known.get(name)) for name, value in given.items())
    if isinstance(given, list) and isinstance(known, list):
        return len(given) == len(known) and all(map(within, given, known))
    return bool(given == known)


async def send(institutions: Institutions, sendings: Sequence[Sending], part: Part) -> int:
    """Send everything; returns how many facts that made. Raises ApiError with everything that is wrong."""
    headers, facts = {"x-correlation-id": "command-line:load"}, 0
    for each in sendings:
        for body in [list(each.bodies)] if each.together else each.bodies:
            # A contact that is put is changed by definition: one that stands so already is left alone.
            if each.method != "PUT" or not await _stands(institutions, each, body):
                answer = await institutions.do(_COORDINATOR, each.method, each.path, json=body, headers=headers)
                facts += len([one for one in answer.headers.get("nrem-after", "").split(",") if one.strip()])
            part.advance(len(each.bodies) if each.together else 1)
    return facts


async def _stands(institutions: Institutions, sending: Sending, body: Json) -> bool:
    there = await _ask(institutions, sending.there)
    known = sending.found(body, there) if there is not None else None
    return known is not None and within(body, known)
