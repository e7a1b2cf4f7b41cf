"""The coordinator sends what a member filled in: workbook or file, with the same reason and marking as by the form."""

from __future__ import annotations

import pytest

from integration.intake.conftest import Intake
from integration.intake.report_pages import PAGE, REPORT, let_the_officer_sign, shown, version
from integration.intake.test_submission_pages import person, upload
from integration.intake.test_submissions import content, referred
from integration.intake.test_workbooks import BOOK, download, figure, hidden, send
from workbooks import saved_again

WHY = "Saņemts pa pastu"


@pytest.fixture
def coordinator(intake: Intake) -> dict[str, str]:
    return person(intake, "coordinator", member="iem")


async def entered(intake: Intake) -> None:
    """It stands as entered on the member's behalf, for the member too."""
    found = await version(intake)
    assert (found["on_behalf"]["lv"], found["entered_by"].rpartition("/")[2]) == (WHY, "coordinator")
    assert WHY in await shown(intake, PAGE, person(intake, "member", member="vp"))


@pytest.mark.parametrize("signs", [False, True])
async def test_the_coordinator_submits_a_workbook_that_the_member_filled_in(
    intake: Intake, coordinator: dict[str, str], signs: bool
) -> None:
    if signs:
        await let_the_officer_sign(intake)
    assert f'href="{BOOK}"' in await shown(intake, PAGE, coordinator)
    raw = await download(intake, coordinator)
    looked = await send(intake, coordinator, saved_again(raw, lambda book: figure(book, 3)))
    refused = await intake.client.post(f"{BOOK}/submit", data=hidden(looked), headers=coordinator)
    assert refused.status_code == 422
    assert "Say why you enter it" in refused.text
    done = await intake.client.post(f"{BOOK}/submit", data={**hidden(refused), "reason": WHY}, headers=coordinator)
    assert (done.status_code, done.headers["location"]) == (303, f"{REPORT}/receipt")
    await entered(intake)


async def test_the_coordinator_submits_a_file_and_every_error_is_told_at_once(
    intake: Intake, coordinator: dict[str, str]
) -> None:
    wrong = await upload(intake, coordinator, content(referred(-1)))
    assert wrong.status_code == 422
    assert "Say why you enter it" in wrong.text
    assert "The number is negative." in wrong.text
    assert (await intake.everything())["submission"] == []
    assert (await upload(intake, coordinator, content(referred(4)), reason=WHY)).status_code == 303
    await entered(intake)
