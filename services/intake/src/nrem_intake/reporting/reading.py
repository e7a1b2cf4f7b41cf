"""A member's report as a request finds it: the stream, the draft, what was accepted before, and what one may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from nrem_intake.evidence import store as evidence_store
from nrem_intake.evidence.commands import megabytes_of
from nrem_intake.periods import store as periods_store
from nrem_intake.reporting import store
from nrem_intake.reporting.access import Access, access_of
from nrem_intake.reporting.domain.draft import Draft, PutAside, Saved, begin
from nrem_intake.reporting.domain.putting_aside import anew
from nrem_intake.reporting.domain.setting import Setting
from nrem_intake.reporting.domain.unusual import Unusual, unexplained
from nrem_intake.reporting.expiring import days_of, kept_until
from nrem_intake.reporting.recalling import history_of
from nrem_intake.submissions.authorship import not_found
from nrem_intake.submissions.catalogues import catalogues_of
from nrem_intake.submissions.checking import ToSubmit, validate_one
from nrem_intake.submissions.streams import load_streams
from nrem_shared.contracts.submissions import ReasonForReturn
from nrem_shared.runtime.identity.authorisation import current_principal
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.rendering import language_of

if TYPE_CHECKING:
    import asyncpg
    from fastapi import Request

    from nrem_intake.submissions.domain.labels import Text
    from nrem_intake.submissions.domain.refusals import Refusal
    from nrem_intake.submissions.domain.stream import Stream, Version
    from nrem_intake.submissions.streams import Known
    from nrem_shared.runtime.database import Connection


@dataclass(frozen=True, slots=True)
class Report:
    """`path` is the address of the submission's page.

    `kept_until` is the last day of a draft that is not submitted; `closed_at` = since when the period is closed.
    """

    known: Known
    draft: Draft
    setting: Setting
    access: Access
    path: str
    kept_until: date | None = None
    closed_at: datetime | None = None

    @property
    def stream(self) -> Stream:
        """The submission that the draft becomes a version of."""
        return self.known.stream

    @property
    def sign_off(self) -> bool:
        """Whether the authorised officer signs what the institution reports."""
        institution = self.setting.catalogue.institutions.get(self.setting.member)
        return institution is not None and institution.sign_off

    @property
    def reports_for(self) -> tuple[Text, ...]:
        """The organisations that the institution reports for as their coalition."""
        institution = self.setting.catalogue.institutions.get(self.setting.member)
        return tuple(self.setting.labels.member(code) for code in institution.reports_for) if institution else ()

    @property
    def fillable(self) -> bool:
        """Whether a first or next version may be written: nothing waits for a decision, nothing was accepted."""
        return self.stream.pending_version is None and self.stream.accepted_version is None

    @property
    def overtaken(self) -> bool:
        """Whether the submission changed in another way since the draft was begun."""
        return self.draft.stream_revision != self.stream.revision

    @property
    def returned(self) -> Version | None:
        """The version that was returned, where it is the newest."""
        newest = self.stream.versions[-1] if self.stream.versions else None
        return newest if newest and newest.state == "returned" else None

    @property
    def unexplained(self) -> tuple[Unusual, ...]:
        """Figures of the draft that are far from the usual ones and have no comment: they hold nothing back."""
        return unexplained(self.draft.content().get("observations", ()), self.setting.history)

    @property
    def reasons(self) -> tuple[ReasonForReturn, ...]:
        """Why it was returned."""
        return self.returned.reasons if self.returned else ()


async def load_report(request: Request, conn: Connection, period: str, member: str) -> Report:
    """Raises 404 for a period or member that does not exist, does not owe, or is none of the asker's."""
    access = access_of(current_principal(request), member)
    catalogues = catalogues_of(runtime_of(request))
    known = (await load_streams(conn, catalogues, [(period, member)], contents=True)).get((period, member))
    if access is None or known is None or not known.owed:
        raise not_found(request)
    row = await store.draft(conn, period, member)
    about = await periods_store.period(conn, period)
    files = {one.ref: one for one in await evidence_store.of_stream(conn, period, member)}
    setting = Setting(
        period,
        member,
        known.in_force.catalogue,
        known.in_force.labels,
        await history_of(conn, member, period),
        frozenset(about["owes"] if about else ()),
        language_of(request),
        files,
        megabytes_of(runtime_of(request)),
    )
    draft = draft_or_begun(row, known.stream)
    path = f"{request.scope.get('root_path', '')}/periods/{period}/submissions/{member}"
    until = kept_until(known.stream.due, row["changed_at"], days_of(runtime_of(request))) if row else None
    return Report(known, draft, setting, access, path, until, about["closed_at"] if about else None)


async def errors_of(request: Request, conn: Connection, report: Report) -> list[Refusal]:
    """Everything that keeps the report from being submitted."""
    wanted = ToSubmit(report.stream.period, report.stream.member, report.draft.content())
    return list(await validate_one(conn, catalogues_of(runtime_of(request)), wanted))


def begun(stream: Stream) -> Draft:
    """A draft to begin with: what was returned or taken back, else nothing."""
    newest = stream.versions[-1] if stream.versions else None
    base = newest.content if newest and newest.state in ("returned", "withdrawn") else None
    return begin(stream.period, stream.member, stream.revision, base)


def draft_or_begun(row: asyncpg.Record | None, stream: Stream) -> Draft:
    """The draft; where there is none or it was discarded, one to begin with that knows what can be had back."""
    found = draft_of(row)
    if row is None or found is None:
        return begun(stream)
    return anew(begun(stream), found, row["changed_at"]) if found.state == "discarded" else found


def draft_of(row: asyncpg.Record | None) -> Draft | None:
    """The row as the domain's value."""
    if row is None:
        return None
    return Draft(
        period=row["period"],
        member=row["member"],
        revision=row["revision"],
        stream_revision=row["stream_revision"],
        document=row["document"],
        sections=_sections(row["sections"]),
        state=row["state"],
        prepared_by=row["prepared_by"],
        note=row["note"],
        aside=tuple(
            PutAside(one["document"], _sections(one["sections"]), datetime.fromisoformat(one["at"]), one["revision"])
            for one in row["aside"]
        ),
    )


def _sections(stored: dict[str, Any]) -> dict[str, Saved]:
    return {
        name: Saved(item["revision"], item["by"], datetime.fromisoformat(item["at"]), item["finished"])
        for name, item in stored.items()
    }
