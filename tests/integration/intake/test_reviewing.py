"""What the coordinator reviews by pages: the queue, a version beside the previous answer, returns, corrections."""

from __future__ import annotations

import csv
import io
from typing import Any

import httpx

from integration.intake.conftest import Intake
from integration.intake.test_submission_pages import PAGE, form, person
from integration.intake.test_submissions import PATH, content, referred

NOTHING = {"nothing_to_report": True}


async def submit(intake: Intake, member: str, body: Any, revision: int | None = None, period: str = "2026-Q1") -> None:
    match = {"if_match": f'"{revision}"'} if revision else {}
    answer = await intake.post(f"/api/periods/{period}/submissions/{member}", body, intake.as_member(member), **match)
    assert answer.status_code == 201, answer.text


async def accept(intake: Intake, version: int, revision: int) -> None:
    answer = await intake.post(
        f"{PATH}/versions/{version}/accept", None, intake.as_coordinator(), if_match=f'"{revision}"'
    )
    assert answer.status_code == 200, answer.text


async def returned(intake: Intake, who: dict[str, str], **fields: Any) -> httpx.Response:
    return await form(intake, f"{PAGE}/versions/1/return", who, **fields)


async def test_the_queue_tells_new_from_looked_at_from_changed_and_from_missing(intake: Intake) -> None:
    coordinator = person(intake, "coordinator", member="iem")
    colleague = {**intake.signing.cookie("secretariat"), "Accept-Language": "en", "Accept": "text/html"}
    await submit(intake, "vp", content(referred(9)))

    assert "new" in row(await intake.get("/queue", coordinator), "State Police")
    page = await intake.get(f"{PAGE}/versions/1/review", coordinator)
    assert page.status_code == 200, page.text
    assert "waits for a decision" in row(await intake.get("/queue", coordinator), "State Police")
    # What one has seen says nothing about another.
    assert "new" in row(await intake.get("/queue?state=new", colleague), "State Police")

    back = await returned(intake, coordinator, revision=1, item="/observations/0", **{"reason/observations/0": "Why?"})
    assert back.headers["location"] == "/queue?done=returned", back.text
    assert "returned and awaited" in row(await intake.get("/queue?state=returned", coordinator), "State Police")
    await submit(intake, "vp", content(referred(8)), revision=2)
    # Whoever reads an older version has not seen what changed.
    assert (await intake.get(f"{PAGE}/versions/1/review", coordinator)).status_code == 200
    assert "changed since you looked" in row(await intake.get("/queue?state=changed", coordinator), "State Police")

    # The secretariat's looks are kept too.
    assert (await intake.get(f"{PAGE}/versions/2/review", colleague)).status_code == 200
    assert "waits for a decision" in row(await intake.get("/queue", colleague), "State Police")
    assert "changed since you looked" in row(await intake.get("/queue", coordinator), "State Police")

    missing = await intake.get("/queue?state=missing", coordinator)
    assert "There are no such reports" in missing.text
    await intake.set_clock("2026-04-17T06:00:00+00:00")
    missing = await intake.get("/queue?state=missing&period=2026-Q1", coordinator)
    line = row(missing, "Ministry of Culture")
    assert "2 days overdue." in line
    assert "/reminders/obligation?key=QUARTER/2026-Q1/km" in line
    assert "/periods/2026-Q1/submissions/km/extension" in line
    assert "State Police" not in missing.text


def row(answer: httpx.Response, name: str) -> str:
    """The line of the queue about an institution."""
    assert answer.status_code == 200, answer.text
    found = [line for line in answer.text.split("<tr") if name in line]
    assert found, f"{name} is not in the queue"
    return found[0]


async def test_a_member_that_asks_for_time_stands_in_the_queue(intake: Intake) -> None:
    wish = {"until": "2026-04-30", "reason": {"lv": "Dati vēl nav"}}
    answer = await intake.post("/api/periods/2026-Q1/extensions/km/ask", wish, intake.as_member("km"))
    assert answer.status_code == 201, answer.text
    line = row(await intake.get("/queue", person(intake, "coordinator", member="iem")), "Ministry of Culture")
    assert "Asks for time until 30 Apr 2026." in line


async def test_what_changed_stands_beside_the_previous_version(intake: Intake) -> None:
    coordinator = person(intake, "coordinator", member="iem")
    await submit(intake, "vp", content(referred(9), referred(2, destination="SOCIAL_SERVICE")))
    await returned(intake, coordinator, revision=1, item="/observations/0", **{"reason/observations/0": "Neatbilst"})
    await submit(intake, "vp", content(referred(8), referred(1, sex="M")), revision=2)

    page = await intake.get(f"{PAGE}/versions/2/review", coordinator)
    assert "New: 1, changed: 1, removed: 1, as before: 0." in page.text
    assert "<del>9</del>" in page.text
    assert "<ins>8</ins>" in page.text
    assert "Neatbilst" in page.text  # why it was returned stands with the item
    assert "version 1" in page.text


async def test_a_first_version_stands_beside_the_quarter_before(intake: Intake) -> None:
    await submit(intake, "vp", content(referred(9)))
    await accept(intake, 1, 1)
    await submit(intake, "vp", content(referred(4)), period="2026-Q2")
    page = await intake.get(
        "/periods/2026-Q2/submissions/vp/versions/1/review", person(intake, "coordinator", member="iem")
    )
    assert "the report for 2026-Q1" in page.text
    assert "<del>9</del>" in page.text


async def test_a_return_without_reasons_says_at_each_field_what_is_missing(intake: Intake) -> None:
    coordinator = person(intake, "coordinator", member="iem")
    await submit(intake, "vp", content(referred(9), referred(2, sex="M")))
    before = await intake.everything()

    empty = await returned(intake, coordinator, revision=1, due="someday")
    assert empty.status_code == 422
    assert 'href="#reason"' in empty.text
    assert 'href="#due"' in empty.text

    data = {"revision": "1", "item": ["/observations/0", "/observations/1"], "reason/observations/1": "040198-12345"}
    partly = await intake.client.post(f"{PAGE}/versions/1/return", data=data, headers=coordinator)
    assert partly.status_code == 422
    assert "The selected item has no reason." in partly.text
    assert 'id="reason/observations/0-error"' in partly.text
    data["reason/observations/0"] = "Neatbilst žurnālam"
    refused = await intake.client.post(f"{PAGE}/versions/1/return", data=data, headers=coordinator)
    assert refused.status_code == 422
    assert 'id="reason/observations/1-error"' in refused.text
    assert await intake.everything() == before


async def test_a_reason_is_kept_in_the_language_of_whoever_writes_it(intake: Intake) -> None:
    await submit(intake, "vp", content(referred(9)))
    english = person(intake, "coordinator", member="iem")
    await returned(intake, english, revision=1, **{"reason/observations/0": "Does not match the log"})
    detail = await intake.get(PATH, intake.as_member("vp"))
    text = {"lv": "Does not match the log", "en": "Does not match the log"}
    assert detail.json()["versions"][0]["reasons"] == [{"at": "/observations/0", "text": text, "figure": None}]


async def test_nothing_to_report_is_accepted_together_or_not_at_all(intake: Intake) -> None:
    coordinator = person(intake, "coordinator", member="iem")
    for member in ("km", "lm"):
        await submit(intake, member, NOTHING)
    await submit(intake, "vp", content(referred(9)))
    queue = await intake.get("/queue", coordinator)
    assert 'value="2026-Q1/km@1"' in queue.text
    assert 'value="2026-Q1/vp@1"' not in queue.text

    chosen = ["2026-Q1/km@1", "2026-Q1/lm@1"]
    shown = await intake.client.get("/queue/accept", params={"chosen": chosen}, headers=coordinator)
    assert "2 institutions say that there is nothing to report." in shown.text
    before = await intake.everything()
    wrong = ["2026-Q1/km@1", "2026-Q1/lm@7", "2026-Q1/vp@1", "2026-Q1/tm@1"]
    refused = await intake.client.post("/queue/accept", data={"chosen": wrong}, headers=coordinator)
    assert refused.status_code == 409
    for place in (1, 2, 3):
        assert f'href="#chosen-{place}"' in refused.text
    assert await intake.everything() == before

    done = await intake.client.post("/queue/accept", data={"chosen": chosen}, headers=coordinator)
    assert (done.status_code, done.headers["location"]) == (303, "/queue?done=accepted")
    states = {s["member"]: s["state"] for s in (await intake.get("/api/submissions", intake.as_coordinator())).json()}
    assert states == {"km": "accepted", "lm": "accepted", "vp": "submitted"}


async def test_corrected_figures_are_listed_and_can_be_downloaded(intake: Intake) -> None:
    coordinator = person(intake, "coordinator", member="iem")
    await submit(intake, "vp", content(referred(9)))
    await accept(intake, 1, 1)
    figure = {name: code for name, code in referred().items() if name != "value"}
    items = [{"observation": figure, "old": 9, "new": 7, "reason": {"lv": "=Divreiz ierakstīts", "en": "=Twice"}}]
    answer = await intake.post(f"{PATH}/corrections", {"items": items}, intake.as_member("vp"), if_match='"2"')
    assert answer.status_code == 201, answer.text

    page = await intake.get("/corrections?year=2026", coordinator)
    assert "1 corrected figure" in page.text
    assert "submitted" in page.text
    await accept(intake, 2, 3)
    assert "There are no corrections" in (await intake.get("/corrections?period=2026-Q2", coordinator)).text
    file = await intake.get("/corrections/download?period=2026-Q1", coordinator)
    assert file.headers["content-disposition"] == 'attachment; filename="corrections-2026-Q1.csv"'
    (told,) = list(csv.DictReader(io.StringIO(file.text.lstrip("\ufeff"))))
    assert (told["Old"], told["New"], told["Decision"]) == ("9", "7", "accepted")
    assert told["Reason"] == "'=Twice"  # no formula
    assert "vp" in told["Submitted by"]
    (listed,) = (await intake.get("/api/corrections?year=2026", intake.as_coordinator())).json()
    assert (listed["figure"]["old"]["value"], listed["state"]) == (9, "accepted")


async def test_only_the_ministry_sees_the_queue(intake: Intake) -> None:
    vp = person(intake, "member", member="vp")
    await submit(intake, "vp", content(referred(9)))
    for path in ("/queue", "/queue/accept", "/corrections", f"{PAGE}/versions/1/review"):
        assert (await intake.get(path, vp)).status_code == 403, path
    coordinator = person(intake, "coordinator", member="iem")
    for path in (f"{PAGE}/versions/9/review", "/periods/2031-Q1/submissions/vp/versions/1/review"):
        assert (await intake.get(path, coordinator)).status_code == 404, path
