"""An extension over a real bus: given in intake, followed by the reminders and by the readiness of the next meeting."""

from __future__ import annotations

from datetime import date
from typing import Any

from nrem_intake.app import BLUEPRINT as INTAKE
from nrem_intake.settings import IntakeSettings
from nrem_notifier.app import BLUEPRINT as NOTIFIER
from nrem_notifier.settings import NotifierSettings
from nrem_plan_tracker.app import BLUEPRINT as PLAN_TRACKER
from nrem_plan_tracker.settings import PlanTrackerSettings
from nrem_plan_tracker.submissions import store as submissions
from support.eventually import eventually
from support.running import Running, running
from support.signing import Signing
from unit.notifier import golden

PERIOD = "2026-Q3"
KEY = f"QUARTER/{PERIOD}/vp"
BEFORE, AFTER = date(2026, 10, 15), date(2026, 10, 22)
NAME = {"lv": "Valsts policija", "en": "State Police"}
MEMBER = {
    "code": "vp", "abbreviation": "VP", "name": NAME, "kind": "law_enforcement",
    "memberships": [{"group": "working_group_2025", "since": "2025-01-01"}],
}  # fmt: skip


async def founded(intake: Running, headers: dict[str, str]) -> None:
    for path, body in (
        ("/api/clock", {"to": "2026-10-12T06:00:00+00:00"}),
        ("/api/members", [MEMBER]),
        ("/api/periods", {"code": PERIOD, "group": "working_group_2025", "due": BEFORE.isoformat()}),
    ):
        answer = await intake.client.post(path, json=body, headers=headers)
        assert answer.is_success, answer.text


async def due_of(notifier: Running, headers: dict[str, str]) -> str | None:
    answer = await notifier.client.get("/api/obligations", headers=headers)
    return next((one["due"] for one in answer.json() if one["key"] == KEY), None)


async def test_the_new_date_reaches_everybody(settings_for: Any, signing: Signing) -> None:
    headers = signing.bearer("coordinator", member="iem")
    intake_settings = await settings_for(
        "intake", settings_type=IntakeSettings, demonstration=True, key_pepper="p" * 32
    )
    notifier_settings = await settings_for("notifier", settings_type=NotifierSettings, demonstration=True)
    plan_settings = await settings_for("plan-tracker", settings_type=PlanTrackerSettings, demonstration=True)
    for settings in (intake_settings, notifier_settings, plan_settings):
        await signing.trust(settings)
    async with (
        running(INTAKE, intake_settings) as intake,
        running(NOTIFIER, notifier_settings, roles=("api", "consume")) as notifier,
        running(PLAN_TRACKER, plan_settings, roles=("api", "consume")) as plan,
    ):
        policies = golden.policies().model_dump(mode="json")
        adopted = await notifier.client.post("/api/policies", json=policies, headers=headers)
        assert adopted.is_success, adopted.text
        await founded(intake, headers)

        async def known_until(day: date) -> bool:
            return await due_of(notifier, headers) == day.isoformat()

        await eventually(lambda: known_until(BEFORE))
        body = {"due": AFTER.isoformat(), "reason": {"lv": "Reģistra dati būs vēlāk"}}
        given = await intake.client.post(f"/api/periods/{PERIOD}/extensions/vp", json=body, headers=headers)
        assert given.status_code == 201, given.text
        await eventually(lambda: known_until(AFTER))

        async def planned() -> dict[str, date]:
            async with plan.runtime.pool.acquire() as conn:
                return await submissions.extensions(conn, PERIOD)

        assert await eventually(planned) == {"vp": AFTER}
        # Who reads its own command at once is not told the old date.
        later = {**headers, "nrem-after": given.headers["nrem-after"]}
        assert await due_of(notifier, later) == AFTER.isoformat()
