"""A draft holds something while something else is to be sent: it is named, and put aside only if somebody says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from fastapi import Form

from nrem_intake.reporting import commands, store
from nrem_intake.reporting.domain.draft import Changed, PutAside
from nrem_intake.reporting.reading import draft_of
from nrem_shared.runtime.problems import Problem
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.forms import FieldError
from nrem_shared.web.rendering import page, translator_of

if TYPE_CHECKING:
    from fastapi import Request
    from fastapi.responses import HTMLResponse

    from nrem_intake.submissions.streams import Known
    from nrem_shared.runtime.journal import Writing

#: What the reader ticked or pressed: the revision of the draft that they were shown.
Confirmed = Annotated[int | None, Form(ge=0, description="The revision of the draft that is put aside")]

UNCONFIRMED = FieldError("aside", "aside.unconfirmed")


@dataclass(frozen=True, slots=True)
class InTheWay:
    """What would be put aside; `by` saved it last, at `at`."""

    draft: PutAside
    by: str | None
    at: datetime

    @property
    def revision(self) -> int:
        """Names exactly what was shown."""
        return self.draft.revision


async def in_the_way(request: Request, known: Known) -> InTheWay | None:
    """The draft that holds something and is open; null where nobody has to be asked."""
    stream = known.stream
    async with runtime_of(request).pool.acquire() as conn:
        row = await store.draft(conn, stream.period, stream.member)
    draft = draft_of(row)
    if row is None or draft is None or draft.state != "open" or draft.empty:
        return None
    newest = max(draft.sections.values(), key=lambda saved: saved.at, default=None)
    shown = PutAside(draft.document, draft.sections, row["changed_at"], draft.revision)
    return InTheWay(shown, newest.by if newest else None, newest.at if newest else row["changed_at"])


async def put_aside(request: Request, writing: Writing, known: Known, confirmed: int | None) -> None:
    """In the transaction that sends something else. Raises the 409 problem where the draft is not the one shown."""
    try:
        await commands.put_aside(writing, known.stream.period, known.stream.member, confirmed)
    except Changed as error:
        raise changed(request) from error


def changed(request: Request) -> Problem:
    """The 409 problem: somebody wrote on in the draft after the reader was shown it."""
    translate = translator_of(request)
    return Problem.conflict(f"{translate('report.changed')} {translate('aside.ask_again')}")


def aside_page(request: Request, known: Known, found: InTheWay) -> HTMLResponse:
    """Before *Nothing to report*: what would be put aside."""
    stream, labels = known.stream, known.in_force.labels
    path = f"{request.scope.get('root_path', '')}/periods/{stream.period}/submissions/{stream.member}"
    return page(
        request,
        "intake/report_aside.html",
        title="aside.title",
        found=found,
        stream=stream,
        name=labels.member(stream.member),
        path=path,
    )
