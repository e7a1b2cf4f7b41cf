"""The figures of the form without a script: lines in words, changed behind a summary, taken out by a button."""

from __future__ import annotations

import re

from integration.intake.conftest import Intake
from integration.intake.report_pages import PAGE, REPORT, fields_of, filled, post, report_figure, save, shown
from integration.intake.test_submission_pages import person
from integration.intake.test_submissions import content, referred

SECTION = f"{REPORT}/sections/observations"
ROWS = re.compile(r'<tr id="(/observations/\d+)"')
WORDS = "female, adult (18 and over), municipal social service"


def row(text: str, at: str) -> str:
    """The line at a pointer, spaces apart."""
    found = re.search(rf'<tr id="{at}".*?</tr>', text, re.DOTALL)
    assert found is not None, at
    return " ".join(found[0].split())


async def test_a_saved_line_is_text_and_can_be_changed_and_taken_out(intake: Intake) -> None:
    vp = person(intake, "member", member="vp")
    assert "New line 1" in await shown(intake, SECTION, vp)
    assert (await report_figure(intake, vp)).status_code == 303
    line = row(await shown(intake, SECTION, vp), "/observations/0")
    assert f'<span class="nrem-lines__name">{WORDS}</span>' in line
    assert "<details" in line
    assert " open" not in line

    assert (await save(intake, "observations", vp, do="return", **{"/observations/0/sex": "M"})).status_code == 303
    assert WORDS.replace("female", "male") in row(await shown(intake, SECTION, vp), "/observations/0")

    text = await shown(intake, SECTION, vp)
    assert 'value="remove:/observations/0"' in text
    removed = await post(intake, SECTION, vp, filled(fields_of(text, SECTION), do="remove:/observations/0"))
    assert removed.status_code == 303
    assert WORDS.replace("female", "male") not in await shown(intake, SECTION, vp)


async def test_a_wrong_code_opens_the_summary_it_is_behind(intake: Intake) -> None:
    vp = person(intake, "member", member="vp")
    await report_figure(intake, vp)
    wrong = await save(intake, "observations", vp, **{"/observations/0/sex": "Q"})
    assert wrong.status_code == 422
    assert 'href="#/observations/0/sex"' in wrong.text
    assert re.search(r"<details class=\"[^\"]*\" open>", row(wrong.text, "/observations/0"))


async def test_the_last_quarters_figure_is_named_with_its_quarter(intake: Intake) -> None:
    reported = content({**referred(7), "destination": "SOCIAL_SERVICE"})
    await intake.post(f"/api{PAGE}", reported, intake.as_member("vp"))
    await intake.post(f"/api{PAGE}/versions/1/accept", {}, intake.as_coordinator(), if_match='"1"')
    vp = person(intake, "member", member="vp")
    text = await shown(intake, "/periods/2026-Q2/submissions/vp/report/sections/observations", vp)
    (carried,) = [line for at in ROWS.findall(text) if "2026-Q1:" in (line := row(text, at))]
    assert '<span class="nrem-lines__label">2026-Q1:</span> 7' in carried
    assert WORDS in carried
    assert "remove:" not in carried
