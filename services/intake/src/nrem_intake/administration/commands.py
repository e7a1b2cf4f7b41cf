"""Taking everything administered out of the database as one document, and a document in, in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrem_intake.administration import store
from nrem_intake.administration.domain.differences import Change, changes, fingerprint
from nrem_intake.administration.domain.document import ContactEntry, Document, Faulty, PeriodEntry, check
from nrem_intake.members import commands as members
from nrem_intake.members import store as members_store
from nrem_intake.periods import commands as periods
from nrem_intake.periods import store as periods_store
from nrem_intake.reference import commands as reference
from nrem_intake.reference import store as reference_store
from nrem_shared.contracts.reference import CodeList, Indicator, Project

if TYPE_CHECKING:
    from nrem_shared.runtime.database import Connection
    from nrem_shared.runtime.journal import Writing


class ChangedMeanwhile(Exception):
    """What would change is no longer what was confirmed."""


async def gather(conn: Connection) -> Document:
    """Everything administered, as it stands now; each kind in the order of its codes, periods oldest first."""
    institutions = await members_store.institutions(conn)
    lists = await reference_store.of_kind(conn, "codelist")
    indicators = await reference_store.of_kind(conn, "indicator")
    projects = await reference_store.of_kind(conn, "project")
    return Document(
        institutions=tuple(item for _, item in institutions.values()),
        contacts=tuple(ContactEntry.model_validate(dict(row)) for row in await store.all_contacts(conn)),
        codelists=tuple(CodeList.model_validate(item) for item in lists),
        indicators=tuple(Indicator.model_validate(item) for item in indicators),
        projects=tuple(Project.model_validate(item) for item in projects),
        periods=tuple(
            PeriodEntry(
                code=row["code"],
                group=row["grp"],
                due=row["due"],
                owes=tuple(row["owes"]),
                illustrative=row["illustrative"],
            )
            for row in reversed(await periods_store.periods(conn))
        ),
    )


async def preview(conn: Connection, document: Document) -> tuple[Change, ...]:
    """What taking the document over would change. Raises Faulty with everything wrong."""
    present = await gather(conn)
    if faults := check(document, present):
        raise Faulty(faults)
    return changes(document, present)


async def take_over(writing: Writing, document: Document, confirmed: str | None) -> tuple[Change, ...]:
    """Take the document over, all of it or nothing; what it does not name stays.

    `confirmed` is the fingerprint of what was shown, null where nobody looked. Raises Faulty, ChangedMeanwhile.
    """
    found = await preview(writing.conn, document)
    if confirmed is not None and fingerprint(found) != confirmed:
        raise ChangedMeanwhile
    changed = {(change.kind, change.name) for change in found}
    await members.register(writing, document.institutions)
    await reference.set_items(writing, document.reference)
    for contact in document.contacts:
        if ("contacts", f"{contact.member}/{contact.role}") in changed:
            await members.set_contact(
                writing, contact.member, contact.role, contact.address, contact.language, contact.illustrative
            )
    for period in document.periods:
        if ("periods", period.code) in changed:
            await periods.open_period(
                writing, periods.ToOpen(period.code, period.group, period.due, period.illustrative, period.owes)
            )
    return found
