"""Quarters from before the platform was used: brought in as accepted, marked, never late; all of it or nothing."""

from __future__ import annotations

import copy
import io
from typing import Any

import openpyxl
import pytest

from data_catalogue import load
from integration.intake.conftest import Intake
from integration.intake.test_submission_pages import person
from integration.intake.test_submissions import errors, referred
from workbooks import put, saved_again

HISTORY: dict[str, Any] = {
    "group": "working_group_2025",
    "illustrative": True,
    "periods": [
        {"period": "2025-Q4", "submissions": [{"member": "vp", "observations": [referred(2)]}]},
        {
            "period": "2025-Q3",
            "due": "2025-10-15",
            "submissions": [
                {"member": "vp", "observations": [referred(1)]},
                {"member": "bac", "nothing_to_report": True},
            ],
        },
    ],
}


async def bring_in(intake: Intake, body: Any, **query: str) -> Any:
    return await intake.client.post("/api/imports", json=body, headers=intake.as_coordinator(), params=query)


async def test_earlier_quarters_are_brought_in_as_accepted(intake: Intake) -> None:
    done = await bring_in(intake, HISTORY)
    assert done.status_code == 201, done.text
    assert done.json()["opened"] == ["2025-Q3", "2025-Q4"]
    assert len(done.json()["imported"]) == 3

    shown = (await intake.get("/api/periods/2025-Q4/submissions/vp", intake.as_member("vp"))).json()
    assert (shown["state"], shown["late"], shown["accepted_version"], shown["due"]) == (
        "accepted",
        False,
        1,
        "2026-01-15",
    )
    assert [(v["kind"], v["state"], v["imported"]) for v in shown["versions"]] == [("first", "accepted", True)]
    page = await intake.get("/periods/2025-Q4/submissions/vp", person(intake, "member", member="vp"))
    assert "Brought in from before the platform" in page.text
    assert ">late<" not in page.text

    connection = await intake.connect()
    rows = await connection.fetch(
        """
        select type from facts.journal where subject = 'submission/2025-Q4/vp' order by position
        """
    )
    await connection.close()
    assert [row["type"] for row in rows] == ["nrem.submission.submitted.v1", "nrem.submission.accepted.v1"]
    period = (await intake.get("/api/periods/2025-Q3", intake.as_coordinator())).json()
    assert "lm" in period["owes"], "whoever belonged to the group at the quarter's end"


async def test_repeating_an_import_changes_nothing(intake: Intake) -> None:
    await bring_in(intake, HISTORY)
    before = await intake.everything()
    again = await bring_in(intake, HISTORY)
    assert again.status_code == 201, again.text
    assert (again.json()["opened"], again.json()["imported"]) == ([], [])
    assert len(again.json()["there_already"]) == 3
    assert (await intake.everything())["submission_version"] == before["submission_version"]
    other = copy.deepcopy(HISTORY)
    other["periods"][0]["submissions"][0]["observations"][0]["value"] = 9
    assert errors(await bring_in(intake, other)) == [("/periods/0/submissions/0", "import_reported_already")]


async def test_everything_wrong_is_told_and_nothing_is_kept(intake: Intake) -> None:
    before = await intake.everything()
    wrong = copy.deepcopy(HISTORY)
    wrong["periods"][1]["submissions"][0]["observations"][0]["value"] = -1
    wrong["periods"][1]["submissions"][1]["nothing_to_report"] = False
    answer = await bring_in(intake, wrong)
    assert answer.status_code == 422
    assert errors(answer) == [
        ("/periods/1/submissions/0/observations/0/value", "negative"),
        ("/periods/1/submissions/1/nothing_to_report", "empty"),
    ]
    assert await intake.everything() == before

    tried = await bring_in(intake, HISTORY, dry_run="true")
    assert tried.status_code == 201
    assert len(tried.json()["imported"]) == 3
    assert await intake.everything() == before, "a dry run keeps nothing"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"periods": []}, ("/periods", "missing")),
        ({"periods": [{"period": "2025-Q9", "submissions": []}]}, ("/periods/0/period", "malformed")),
        ({"group": True}, ("/group", "malformed")),
        ({"illustrative": "yes"}, ("/illustrative", "malformed")),
        ({"periods": [{"period": "2026-Q1", "submissions": []}]}, ("/periods/0/period", "import_not_past")),
        ({"group": "nobody", "periods": [{"period": "2025-Q2", "submissions": []}]}, ("/group", "import_no_group")),
        (
            {"periods": [{"period": "2025-Q4", "submissions": [{"member": "nobody"}]}]},
            ("/periods/0/submissions/0/member", "import_not_owed"),
        ),
        (
            {"periods": [{"period": "2025-Q4", "submissions": [{"member": "vp"}, {"member": "vp"}]}]},
            ("/periods/0/submissions/1/member", "duplicate_key"),
        ),
    ],
)
async def test_what_is_no_earlier_quarter_is_refused(
    intake: Intake, change: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert expected in errors(await bring_in(intake, {**HISTORY, **change}))


async def test_only_the_coordinator_brings_in(intake: Intake) -> None:
    assert (await intake.post("/api/imports", HISTORY, intake.as_member("vp"))).status_code == 403


async def test_a_workbook_with_several_quarters_and_institutions(intake: Intake) -> None:
    headers = intake.as_coordinator()
    empty = (await intake.client.get("/api/workbooks/history", headers=headers)).content

    def fill(book: Any) -> None:
        figure = {"indicator": "VICT_REFERRED", "sex": "M", "age_group": "ADULT", "destination": "STATE_POLICE"}
        for row, (period, member, value) in enumerate(
            [("2025-Q4", "vp", 2), ("2025-Q3", "VP – State Police", 1), ("2025-Q4", "vrs", "1")], 5
        ):
            put(book, "observations", row, **{"@period": period, "@member": member}, **figure, value=value)
        put(
            book, "challenges", 5, **{"@period": "2025-Q4", "@member": "vrs"}, code="CH-vrs-0", text__lv="Trūkst tulku",
            state="open",
        )  # fmt: skip

    answer = await intake.client.post("/api/workbooks/history", content=saved_again(empty, fill), headers=headers)
    said = answer.json()["submissions"]
    assert [(one["period"], one["member"], one["errors"]) for one in said] == [
        ("2025-Q3", "vp", []),
        ("2025-Q4", "vp", []),
        ("2025-Q4", "vrs", []),
    ]
    body: dict[str, Any] = {"group": "working_group_2025", "periods": []}
    for period in ("2025-Q3", "2025-Q4"):
        those = [{"member": one["member"], **one["content"]} for one in said if one["period"] == period]
        body["periods"].append({"period": period, "submissions": those})
    assert (await bring_in(intake, body)).status_code == 201
    one = openpyxl.load_workbook(io.BytesIO(empty))
    assert one.sheetnames[0] == "Start"


async def test_the_demonstration_quarters_can_be_brought_in(intake: Intake) -> None:
    """A quarter's file is taken as it stands: what was decided otherwise in it does not matter here."""
    document = load("demo/submissions-2026-Q1.yaml")
    await intake.set_clock("2026-05-01T06:00:00+00:00")
    newest = {each["member"]: each for each in document["submissions"]}
    body = {
        "group": document["group"],
        "periods": [{"period": "2026-Q1", "submissions": list(newest.values())}],
    }
    done = await bring_in(intake, body)
    assert done.status_code == 201, done.text
    assert len(done.json()["imported"]) == len(newest)
