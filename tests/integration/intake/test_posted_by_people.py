"""What somebody signed in posts to the JSON API waits for the officer's signature as what the form sends does."""

from __future__ import annotations

from typing import Any

import pytest

from integration.intake.conftest import Intake
from integration.intake.report_pages import PAGE, REPORT, fields_of, let_the_officer_sign, post, report_figure, shown
from integration.intake.report_pages import version as version_of
from integration.intake.test_corrections_on_behalf import ITEM
from integration.intake.test_submission_pages import person
from integration.intake.test_submissions import content, referred

API = f"/api{PAGE}"


@pytest.fixture
async def focal(intake: Intake) -> dict[str, str]:
    """The focal point's browser, where the officer signs."""
    await let_the_officer_sign(intake)
    return {**person(intake, "member", member="vp"), "Accept": "application/json"}


async def versions(intake: Intake) -> list[int]:
    answer = await intake.get(API, intake.as_member("vp"))
    return [one["version"] for one in answer.json()["versions"]] if answer.status_code == 200 else []


async def signed(intake: Intake, path: str, fields: Any = ()) -> dict[str, Any]:
    """Both names of the version that the officer's signature made."""
    done = await post(intake, path, person(intake, "officer", member="vp"), fields)
    assert done.status_code == 303, done.text
    return await version_of(intake, (await versions(intake))[-1])


async def test_a_report_posted_by_a_browser_waits_and_is_signed(intake: Intake, focal: dict[str, str]) -> None:
    wrong = await intake.post(API, content(referred(-1)), focal)
    assert [one["pointer"] for one in wrong.json()["errors"]] == ["/observations/0/value"]
    waits = await intake.post(API, content(referred(9)), focal, idempotency_key="once")
    assert waits.status_code == 202, waits.text
    found = {name: waits.json()[name] for name in ("kind", "state", "prepared_by", "due")}
    assert found == {
        "kind": "report", "state": "awaiting_signature", "prepared_by": "vp/member", "due": "2026-04-15",
    }  # fmt: skip
    assert "signature/2026-Q1/vp@1" in waits.headers["nrem-after"]
    again = await intake.post(API, content(referred(9)), focal, idempotency_key="once")
    assert (again.status_code, again.json()) == (202, waits.json())
    assert (await intake.post(API, content(referred(8)), focal)).status_code == 409
    assert await versions(intake) == []
    read = await shown(intake, f"{REPORT}/check", person(intake, "officer", member="vp"))
    made = await signed(intake, f"{REPORT}/sign", fields_of(read, f"{REPORT}/sign"))
    assert (made["prepared_by"], made["signed_by"]) == ("vp/member", "vp/officer")
    assert (await intake.post(API, content(referred(9)), focal, idempotency_key="once")).status_code == 202
    pending = await intake.post(API, content(referred(8)), focal, if_match='"1"')
    assert pending.status_code == 409, "a version waits for its decision"


async def test_a_draft_with_something_in_it_is_not_overwritten(intake: Intake, focal: dict[str, str]) -> None:
    await report_figure(intake, person(intake, "member", member="vp"))
    refused = await intake.post(API, content(referred(9)), focal)
    assert refused.status_code == 409, refused.text
    at = f"{REPORT}/sections/observations"
    kept = dict(fields_of(await shown(intake, at, person(intake, "member", member="vp")), at))
    assert kept["/observations/0/value"] == "9"


async def test_several_at_once_are_not_signed_together(intake: Intake, focal: dict[str, str]) -> None:
    several = {"submissions": [{"period": "2026-Q1", "member": "vp", "content": content(referred(9))}]}
    refused = await intake.post("/api/submissions", several, focal)
    assert refused.status_code == 422, refused.text
    assert [(one["pointer"], one["code"]) for one in refused.json()["errors"]] == [
        ("/submissions/0/member", "signed_one_by_one")
    ]
    assert await versions(intake) == []
    assert (await intake.post("/api/submissions", several, intake.as_member("vp"))).status_code == 201


async def test_a_correction_posted_by_a_browser_waits_too(intake: Intake, focal: dict[str, str]) -> None:
    sent = await intake.post(API, content(referred(8)), intake.as_member("vp"))
    assert sent.status_code == 201, "a key's submissions are the institution's own"
    await intake.post(f"{API}/versions/1/accept", {}, intake.as_coordinator(), if_match='"1"')
    at = f"{API}/corrections"
    assert (await intake.post(at, {"items": [ITEM]}, focal)).status_code == 428
    wrong = await intake.post(at, {"items": [{**ITEM, "old": 9}]}, focal, if_match='"2"')
    assert [one["pointer"] for one in wrong.json()["errors"]] == ["/items/0/old"]
    waits = await intake.post(at, {"items": [ITEM]}, focal, if_match='"2"')
    assert (waits.status_code, waits.json()["kind"]) == (202, "correction"), waits.text
    assert await versions(intake) == [1]
    made = await signed(intake, f"{REPORT}/correction/sign")
    assert (made["prepared_by"], made["signed_by"]) == ("vp/member", "vp/officer")


async def test_an_institution_without_sign_off_submits_at_once(intake: Intake) -> None:
    focal = {**person(intake, "member", member="vp"), "Accept": "application/json"}
    assert (await intake.post(API, content(referred(8)), focal)).status_code == 201
