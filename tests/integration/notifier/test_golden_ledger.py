"""The worked cases over the real ledger: facts in, mails out, rows exactly as the file says."""

from __future__ import annotations

import pytest

from integration.notifier.stage import Stage
from integration.notifier.story import keys, story
from nrem_shared.runtime.clock import end_of_day, local_date
from unit.notifier.golden import Case, Row, cases

CASES = list(cases())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_the_worked_case_holds_exactly(stage: Stage, case: Case) -> None:
    await stage.know()
    told = story(case)
    instants = sorted({*case.instants(evenings=False), *(at for at, _, _ in told)})
    for now in (at for at in instants if at <= end_of_day(case.up_to)):
        await stage.move(now)
        for at, stream, fact in told:
            if at == now:
                await stage.tell(stream, fact, at)
        if case.outage is None or not case.outage[0] <= now < case.outage[1]:
            await stage.look()

    rows = await stage.ledger(*keys(case).values())
    assert all(row.state == "sent" for row in rows)
    found = {
        Row(row.code, local_date(row.settled_at or row.decided_at), row.step, row.role, row.outcome, row.planned)
        for row in rows
    }
    assert found == case.expected
    assert len(rows) == len(case.expected)
    # Each address got at most one digest a day.
    assert (
        await stage.count(
            "select count(*) from (select contact, day from facts.mail where kind = 'digest' and state = 'sent'"
            " group by 1, 2 having count(*) > 1) twice"
        )
        == 0
    )
