"""A coalition reports for organisations of the register: shown wherever its report is, and never added to theirs."""

from __future__ import annotations

from typing import Any

import yaml

from integration.intake.conftest import Intake
from integration.intake.report_pages import fields_of, post, shown
from integration.intake.test_submission_pages import person

MARTA = "/periods/2026-Q1/submissions/marta"
PDM = "/periods/2026-Q1/submissions/pdm"
FORM = "/administration/members/marta/change"
NOTHING = {"nothing_to_report": True}


async def name(intake: Intake, *codes: str) -> Any:
    """Centre MARTA reports for these organisations from now on; entered by the form of administration."""
    coordinator = person(intake, "coordinator", member="iem")
    fields = [(field, value) for field, value in fields_of(await shown(intake, FORM, coordinator), FORM)
              if field not in ("reports_for", "sign_off")]  # fmt: skip
    return await post(intake, FORM, coordinator, [*fields, *(("reports_for", code) for code in codes)])


async def test_the_register_names_whom_a_coalition_reports_for(intake: Intake) -> None:
    coordinator = person(intake, "coordinator", member="iem")
    assert (await name(intake, "pdm", "pbv")).status_code == 303
    assert (await intake.get("/api/members/marta", coordinator)).json()["reports_for"] == ["pbv", "pdm"]
    assert "For a Vidzeme Free from Human Trafficking" in await shown(
        intake, "/administration/members/marta", coordinator
    )
    document = yaml.safe_load((await intake.get("/api/administration", intake.as_coordinator())).text)
    [marta] = [one for one in document["institutions"] if one["code"] == "marta"]
    assert marta["reports_for"] == ["pbv", "pdm"]
    itself = await name(intake, "marta")
    assert itself.status_code == 422, "a coalition is none of its own organisations"
    assert (await name(intake)).status_code == 303
    assert (await intake.get("/api/members/marta", coordinator)).json()["reports_for"] == []


async def test_what_is_wrong_with_a_coalition_is_told_all_at_once(intake: Intake) -> None:
    headers = intake.as_coordinator()
    known = (await intake.get("/api/members/marta", headers)).json()
    known.pop("revision")
    wrong = {**known, "reports_for": ["marta", "nobody", "pbv", "pbv"]}
    answer = await intake.post("/api/members", [wrong], headers)
    assert answer.status_code == 422
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [
        ("/0/reports_for/0", "circular"),
        ("/0/reports_for/1", "unknown_code"),
        ("/0/reports_for/3", "duplicate"),
    ]


async def test_form_submission_and_review_say_whom_it_reports_for_and_mark_an_overlap(intake: Intake) -> None:
    await name(intake, "pdm", "pbv")
    marta, coordinator = person(intake, "member", member="marta"), person(intake, "coordinator", member="iem")
    form = await shown(intake, f"{MARTA}/report", marta)
    assert "You report for these organisations too:" in form
    assert "Shelter Safe House" in form
    await intake.post(f"/api{MARTA}", NOTHING, intake.as_member("marta"))
    version = (await intake.get(f"/api{MARTA}/versions/1", intake.as_member("marta"))).json()
    assert version["reports_for"] == ["pbv", "pdm"]
    assert "Also reports for:" in await shown(intake, MARTA, marta)
    review = await shown(intake, f"{MARTA}/versions/1/review", coordinator)
    assert "Also reports for:" in review
    assert "overlap" not in review, "pdm has not reported itself yet"

    await intake.post(f"/api{PDM}", NOTHING, intake.as_member("pdm"))
    for page in (f"{MARTA}/versions/1/review", f"{PDM}/versions/1/review", MARTA, PDM):
        assert "which has reported for this quarter itself" in await shown(intake, page, coordinator), page
    assert (await shown(intake, "/queue?state=all&period=2026-Q1", coordinator)).count(">overlap<") == 2
    assert "which has reported for this quarter itself" not in await shown(intake, MARTA, marta)

    await name(intake)
    version = (await intake.get(f"/api{MARTA}/versions/1", intake.as_member("marta"))).json()
    assert version["reports_for"] == ["pbv", "pdm"], "what was submitted stays as it was"


async def test_a_report_that_was_withdrawn_overlaps_with_none(intake: Intake) -> None:
    await name(intake, "pdm")
    coordinator = person(intake, "coordinator", member="iem")
    await intake.post(f"/api{MARTA}", NOTHING, intake.as_member("marta"))
    await intake.post(f"/api{PDM}", NOTHING, intake.as_member("pdm"))
    pdm = intake.as_member("pdm")
    assert (await intake.post(f"/api{PDM}/versions/1/withdraw", {}, pdm, if_match='"1"')).status_code == 200
    assert "which has reported" not in await shown(intake, f"{MARTA}/versions/1/review", coordinator)
