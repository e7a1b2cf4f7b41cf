"""Bringing in earlier quarters: all of a request or nothing, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from nrem_intake.history import domain, store
from nrem_intake.members import store as members_store
from nrem_intake.periods import store as periods_store
from nrem_intake.submissions import store as submissions_store
from nrem_intake.submissions.domain.errors import NotAllowed
from nrem_intake.submissions.domain.refusals import Findings
from nrem_intake.submissions.domain.validation import Refused, validate
from nrem_intake.submissions.facts import fact_of
from nrem_intake.submissions.failures import Failed, Failure
from nrem_intake.submissions.streams import accumulated, load_streams
from nrem_shared.contracts.periods import PeriodOpened
from nrem_shared.runtime.clock import local_date
from nrem_shared.runtime.journal import Fact

if TYPE_CHECKING:
    from nrem_intake.history.domain import Imported
    from nrem_intake.submissions.catalogues import Catalogues
    from nrem_intake.submissions.domain.figures import Accumulated
    from nrem_intake.submissions.streams import Known
    from nrem_shared.runtime.journal import Writing

#: Fields of a submission's entry that are no content.
_AROUND = frozenset({"member", "period"})


@dataclass(slots=True)
class Outcome:
    """What an import did: quarters opened, submissions brought in (period, member), those that were there already."""

    opened: list[str] = field(default_factory=list)
    imported: list[tuple[str, str]] = field(default_factory=list)
    there_already: list[tuple[str, str]] = field(default_factory=list)


async def bring_in(writing: Writing, catalogues: Catalogues, body: Any) -> Outcome:
    """Open past quarters that are not there, and enter what was reported. Raises Failed with everything wrong."""
    found = domain.check_shape(body)
    if found:
        raise Failed(Failure(0, "refused", found.sorted()))
    outcome = Outcome()
    places = sorted(enumerate(body["periods"]), key=lambda each: str(each[1]["period"]))
    for place, period in places:
        await _open(writing, found, f"/periods/{place}", body, period, outcome)
        if not found:
            await _submissions(writing, catalogues, found, f"/periods/{place}", period, outcome)
    if found:
        raise Failed(Failure(0, "refused", found.sorted()))
    return outcome


async def _open(writing: Writing, found: Findings, at: str, body: Any, period: Any, outcome: Outcome) -> None:
    """Open the quarter unless it is there; only one that was due before today."""
    code = str(period["period"])
    known = await periods_store.period(writing.conn, code)
    given = date.fromisoformat(period["due"]) if period.get("due") else None
    due = known["due"] if known else domain.due_of(code, given)
    if due >= local_date(writing.now):
        found.add(f"{at}/period", "import_not_past", period=code, day=due.isoformat())
    if known is not None:
        if known["state"] == "closed":
            found.add(f"{at}/period", "import_closed", period=code)
        return
    group, illustrative = body.get("group") or "", body.get("illustrative", False)
    institutions = [item for _, item in (await members_store.institutions(writing.conn)).values()]
    reported = {str(each["member"]) for each in period["submissions"]} & {each.code for each in institutions}
    owes = domain.owing_then(institutions, group, code, reported)
    if not group or not owes:
        found.add("/group", "import_no_group", period=code)
        return
    await periods_store.open_period(writing.conn, code, group, due, owes, illustrative, writing.now)
    opened = PeriodOpened(code=code, due=due, group=group, owes=owes, illustrative=illustrative)
    writing.record(Fact("nrem.period.opened.v1", f"period/{code}", 1, opened))
    outcome.opened.append(code)


async def _submissions(
    writing: Writing,
    catalogues: Catalogues,
    found: Findings,
    at: str,
    period: Any,
    outcome: Outcome,
) -> None:
    """Everything of one quarter; later ones are compared with what was entered here."""
    code = str(period["period"])
    keys = [(code, str(each["member"])) for each in period["submissions"]]
    streams = await load_streams(writing.conn, catalogues, keys, contents=True)
    before = await accumulated(writing.conn, [key for key in keys if key in streams], streams)
    made: list[Imported] = []
    for place, (key, entry) in enumerate(zip(keys, period["submissions"], strict=True)):
        here = f"{at}/submissions/{place}"
        imported = _one(writing, found, here, streams.get(key), entry, before.get(key, {}))
        if imported is not None:
            made.append(imported)
            outcome.imported.append(key)
        elif not found:
            outcome.there_already.append(key)
    if not made or found:
        return
    await submissions_store.insert(writing.conn, [each.submitted for each in made])
    await store.mark_imported(writing.conn, [(e.submitted.stream.period, e.submitted.stream.member) for e in made])
    for each in made:
        await submissions_store.decide(writing.conn, each.accepted.stream, each.accepted.stream.versions[-1])
        writing.record(fact_of(each.submitted), fact_of(each.accepted))


def _one(
    writing: Writing, found: Findings, at: str, known: Known | None, entry: Any, before: Accumulated
) -> Imported | None:
    """One submission, if it is valid and nothing else was reported; null where it was brought in before."""
    if known is None or not known.owed:
        found.add(f"{at}/member", "import_not_owed", member=str(entry["member"]))
        return None
    document = {name: value for name, value in entry.items() if name not in _AROUND}
    catalogue = known.in_force.catalogue
    stream = known.stream
    result = validate(document, period=stream.period, member=stream.member, catalogue=catalogue, before=before)
    if isinstance(result, Refused):
        found.extend(refusal.under(at) for refusal in result.errors)
        return None
    if domain.same(stream, result.content):
        return None
    try:
        return domain.bring_in(stream, result.content, writing.now)
    except NotAllowed:
        found.add(at, "import_reported_already", member=stream.member, period=stream.period)
        return None
