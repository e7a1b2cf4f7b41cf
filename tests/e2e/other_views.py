"""Pages that look different to others than to whom `test_pages` visits each as: who sees them, and where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nrem_shared.contracts.submissions import SECTIONS
from support.arrivals import ARRIVED, ARRIVING

_SUBMISSION = "/intake/periods/{period}/submissions/{member}"
_REPORT = f"{_SUBMISSION}/report"
_SECTION = f"{_REPORT}/sections/{{section}}"
_MEETING = "/plan/meetings/{code}"

#: Route → who sees it first of all, where that is not the first role that may: the report's own reader, and whoever
#: is on the way in.
SEEN_BY = {
    _REPORT: "member",
    _SECTION: "member",
    f"{_REPORT}/check": "member",
    f"{_REPORT}/correction": "member",
    "/intake/sign-in/role": ARRIVING,
    "/intake/sign-in/second-factor": ARRIVED,
}

_TO_AN_INSTITUTION = ("/intake/", _SUBMISSION, f"{_SUBMISSION}/evidence", "/reminders/today")
_TO_THE_GROUP = (
    "/statistics/quarters/{period}",
    "/plan/plans/{plan}/results/{result}/dissent",
    "/plan/tasks",
    _MEETING,
    "/reminders/today",
)

#: Role → what looks different to it.
OTHERS: dict[str, tuple[str, ...]] = {
    "coordinator": (_REPORT, _SECTION, f"{_REPORT}/check", "/reminders/today"),
    "secretariat": (
        "/intake/queue",
        f"{_SUBMISSION}/versions/{{version}}/review",
        f"{_SUBMISSION}/versions/{{version}}/discussion",
        "/reminders/obligation",
    ),
    "member": (
        *_TO_AN_INSTITUTION,
        "/intake/people",
        f"{_SUBMISSION}/upload",
        f"{_SUBMISSION}/versions/{{version}}/discussion",
        "/statistics/quarters/{period}",
        "/plan/plans/{plan}/results/{result}/dissent",
        "/plan/tasks",
        f"{_MEETING}/amend",
        "/reminders/",
        "/reminders/obligation",
        "/reminders/ledger",
        "/reminders/why",
    ),
    "officer": (*_TO_AN_INSTITUTION, _REPORT, f"{_REPORT}/check", f"{_MEETING}/amend"),
    "contributor": (*_TO_AN_INSTITUTION, _REPORT, _SECTION, "/intake/account"),
    "observer": _TO_THE_GROUP,
    "operator": ("/intake/operations", "/reminders/today"),
    ARRIVED: ("/intake/account",),
}

#: The example of a route is another's: what an institution sees of its own.
_OWN = {_SUBMISSION: "/intake/periods/2026-Q2/submissions/vp"}

#: Views in turn, each language narrow and wide: language, the width at which it is opened, the one it is brought to.
_TURNS = (("lv", 320, 1280), ("en", 1280, 320), ("lv", 1280, 320), ("en", 320, 1280))


@dataclass(frozen=True)
class OtherView:
    """A page as somebody else sees it; `address` null = the route's example."""

    path: str
    role: str
    address: str | None
    language: str
    width: int
    other: int

    def __str__(self) -> str:
        """For the names of tests."""
        return f"{self.role} {self.address or self.path}"


def other_views() -> Iterator[OtherView]:
    """Each in one of the views; and every section of the form as the focal point sees it."""
    wanted: list[tuple[str, str, str | None]] = [
        (path, role, _OWN.get(path) if role != "secretariat" else None)
        for role, paths in OTHERS.items()
        for path in paths
    ]
    form = "/intake/periods/2026-Q4/submissions/vp/report/sections"
    wanted += [(_SECTION, "member", f"{form}/{name}") for name in SECTIONS if name != "observations"]
    for number, (path, role, address) in enumerate(wanted):
        yield OtherView(path, role, address, *_TURNS[number % len(_TURNS)])
