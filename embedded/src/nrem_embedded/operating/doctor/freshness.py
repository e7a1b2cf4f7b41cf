"""What each service knows: how old, how complete, what was not understood; and whether relays and mail keep up."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from nrem_embedded.operating.doctor import store
from nrem_embedded.operating.doctor.databases import SKEW_SECONDS
from nrem_embedded.operating.doctor.findings import Finding, ok, problem, warning
from nrem_shared.contracts.topics import HEARTBEATS
from nrem_shared.runtime.journal import store as journal_store
from nrem_shared.runtime.projection import problem_store
from nrem_shared.runtime.projection import store as projection_store
from nrem_shared.runtime.reading import age_seconds
from nrem_shared.runtime.relay_marks import read_marks

if TYPE_CHECKING:
    from nrem_embedded.operating.installed import Installed
    from nrem_shared.runtime.database import Connection

AREA = "freshness"
#: Facts may wait so long for a relay before it counts as stalled (the alert has the same limit).
WAITING_SECONDS = 30.0


async def check_freshness(service: Installed) -> AsyncIterator[Finding]:
    """One service's relay and projection."""
    async with service.connected() as conn:
        yield await _relay(service, conn)
        yield await _fresh(service, conn)
        letters, gaps = await problem_store.count_problems(conn)
        if gaps:
            yield problem(AREA, f"{service.name} gaps", f"{gaps} stretches did not arrive", "nrem republish")
        if letters >= service.settings.dead_letter_limit:
            do = "nrem dead-letters list; replay or upgrade, then restart its consumer"
            yield problem(AREA, f"{service.name} dead letters", f"{letters}: it has stopped reading", do)
        elif letters:
            do = "nrem dead-letters list, then docs/runbooks/dead-letters.md"
            yield warning(AREA, f"{service.name} dead letters", f"{letters} were not understood", do)
        for row in await store.heartbeats(conn):
            ahead = -age_seconds(row["sent_at"])
            if ahead > SKEW_SECONDS:
                said = f"the relay of {row['service']} is {ahead:.1f} s ahead of this machine"
                yield problem("clocks", service.name, said, "let NTP set the clocks")
        if service.name == "notifier":
            async for finding in _mail(conn):
                yield finding


async def _relay(service: Installed, conn: Connection) -> Finding:
    head, marks = await journal_store.read_head(conn), await read_marks(conn)
    waiting = (head["position"] if head else 0) - marks.journal
    what = f"{service.name} relay"
    # In a demonstration the journal's times are not ours.
    age = 0.0 if service.settings.demonstration or not head else age_seconds(head["recorded_at"])
    if waiting and age > WAITING_SECONDS:
        return problem(AREA, what, f"{waiting} facts wait to be sent", "docs/runbooks/relay-stalled.md")
    if waiting:
        return warning(AREA, what, f"{waiting} facts wait to be sent", "look again; docs/runbooks/relay-stalled.md")
    return ok(AREA, what, "everything is sent")


async def _fresh(service: Installed, conn: Connection) -> Finding:
    fresh = await projection_store.freshness(conn)
    limit = service.settings.fresh_seconds
    ages = {topic: age_seconds(fresh.get(topic)) for topic in service.blueprint.topics - {HEARTBEATS}}
    old = sorted(topic for topic, age in ages.items() if age > limit)
    what = f"{service.name} knowledge"
    behind = await projection_store.behind(conn, sorted(service.blueprint.topics))
    if old:
        said = f"not known to be complete for {limit:.0f} s: {', '.join(old)}"
        return problem(AREA, what, said, "nrem status; docs/runbooks/projection-stale.md")
    if behind:
        return warning(AREA, what, f"{behind} partitions are behind", "look again in a moment")
    return ok(AREA, what, f"complete up to {max(ages.values(), default=0):.1f} s ago")


async def _mail(conn: Connection) -> AsyncIterator[Finding]:
    found = await store.waiting_mail(conn)
    if found and found["late"]:
        said = f"{found['late']} mails wait for more than an hour"
        yield warning("mail", "backlog", said, "docs/runbooks/mail-failing.md")
    if found and found["failed"]:
        said = f"{found['failed']} mails failed for good within a week"
        yield warning("mail", "failed", said, "/reminders/problems names their recipients")
