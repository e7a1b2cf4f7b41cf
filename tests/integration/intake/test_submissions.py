"""A submission over HTTP: submitted, returned, submitted again, accepted, corrected; and what is not allowed."""

from __future__ import annotations

from typing import Any

from integration.intake.conftest import Intake

PATH = "/api/periods/2026-Q1/submissions/vp"


def referred(value: int | None = 1, destination: str = "STATE_POLICE", **more: Any) -> dict[str, Any]:
    row = {"indicator": "VICT_REFERRED", "sex": "F", "age_group": "ADULT", "destination": destination}
    return {**row, "value": value, **more}


def content(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"observations": list(rows or (referred(),))}


def errors(answer: Any) -> list[tuple[str, str]]:
    return [(e["pointer"], e["code"]) for e in answer.json()["errors"]]


async def accepted(intake: Intake, *rows: dict[str, Any]) -> None:
    """Version 1 submitted and accepted: revision 2."""
    answer = await intake.post(PATH, content(*rows), intake.as_member("vp"))
    assert answer.status_code == 201, answer.text
    answer = await intake.post(f"{PATH}/versions/1/accept", None, intake.as_coordinator(), if_match='"1"')
    assert answer.status_code == 200, answer.text


async def test_a_submission_from_first_version_to_correction(intake: Intake) -> None:
    vp, coordinator = intake.as_member("vp"), intake.as_coordinator()

    first = await intake.post(PATH, content(referred(9)), vp)
    assert first.status_code == 201, first.text
    assert first.headers["etag"] == '"1"'
    assert first.headers["nrem-after"] == "intake:submission/2026-Q1/vp@1"
    assert first.json() | {"version": 1, "state": "submitted", "late": False, "due": "2026-04-15"} == first.json()

    reasons = [{"at": "/observations/0/value", "text": {"lv": "Neatbilst žurnālam"}}]
    returned = await intake.post(f"{PATH}/versions/1/return", {"reasons": reasons}, coordinator, if_match='"1"')
    assert returned.status_code == 200, returned.text
    assert (returned.json()["state"], returned.json()["due"]) == ("returned", "2026-04-10")

    second = await intake.post(PATH, content(referred(8)), vp, if_match=returned.headers["etag"])
    assert (second.json()["version"], second.json()["revision"]) == (2, 3)
    done = await intake.post(f"{PATH}/versions/2/accept", None, coordinator, if_match='"3"')
    assert (done.json()["accepted_version"], done.json()["pending_version"]) == (2, None)

    figure = {name: code for name, code in referred().items() if name != "value"}
    items = [{"observation": figure, "old": 8, "new": 7, "reason": {"lv": "Divreiz"}}]
    correction = await intake.post(f"{PATH}/corrections", {"items": items}, vp, if_match='"4"')
    assert correction.status_code == 201, correction.text
    assert (correction.json()["accepted_version"], correction.json()["pending_version"]) == (2, 3)

    shown = (await intake.get(PATH, vp)).json()
    assert [(v["version"], v["kind"], v["state"]) for v in shown["versions"]] == [
        (1, "first", "returned"),
        (2, "resubmission", "accepted"),
        (3, "correction", "submitted"),
    ]
    third = (await intake.get(f"{PATH}/versions/3", vp)).json()
    assert third["content"]["observations"][0]["value"] == 7
    assert third["corrected_figures"][0]["old"]["value"] == 8


async def test_a_change_names_the_revision_that_was_seen(intake: Intake) -> None:
    vp, coordinator = intake.as_member("vp"), intake.as_coordinator()
    await intake.post(PATH, content(), vp)

    assert (await intake.post(PATH, content(), vp)).status_code == 428
    assert (await intake.post(PATH, content(), vp, if_match='"7"')).status_code == 412
    assert (await intake.post(PATH, content(), vp, if_match='"1"')).status_code == 409
    assert (await intake.post(PATH, content(), vp, if_match="*")).status_code == 409
    assert (await intake.post(f"{PATH}/versions/1/accept", None, coordinator)).status_code == 428
    assert (await intake.post(f"{PATH}/versions/1/accept", None, coordinator, if_match='"9"')).status_code == 412
    assert (await intake.post(f"{PATH}/versions/1/withdraw", None, vp, if_match='"1"')).status_code == 200
    again = await intake.post(PATH, content(), vp, if_match='"2"')
    assert (again.status_code, again.json()["version"]) == (201, 2)


async def test_after_acceptance_the_answer_explains_corrections(intake: Intake) -> None:
    await accepted(intake)
    answer = await intake.post(PATH, content(), intake.as_member("vp"), if_match='"2"')
    assert answer.status_code == 409
    assert "corrections" in answer.json()["detail"]


async def test_a_repeated_key_is_one_submission(intake: Intake) -> None:
    vp = intake.as_member("vp")
    first = await intake.post(PATH, content(), vp, idempotency_key="a1")
    again = await intake.post(PATH, content(), vp, idempotency_key="a1")
    other = await intake.post(PATH, content(referred(2)), vp, idempotency_key="a1")

    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert again.json() == first.json()
    assert again.headers["etag"] == first.headers["etag"]
    assert len((await intake.everything())["submission_version"]) == 1


async def test_others_submissions_do_not_exist(intake: Intake) -> None:
    await accepted(intake)
    km = intake.as_member("km")
    for answer in (
        await intake.get(PATH, km),
        await intake.get(f"{PATH}/versions/1", km),
        await intake.get("/api/submissions?member=vp", km),
        await intake.post(PATH, content(), km),
        await intake.post(f"{PATH}/corrections", {"items": []}, km, if_match='"2"'),
        await intake.post(f"{PATH}/versions/1/withdraw", None, km, if_match='"2"'),
        await intake.post("/api/validate/2026-Q1/vp", content(), km),
    ):
        assert answer.status_code == 404, answer.text
    assert (await intake.get("/api/submissions", km)).json() == []
    assert len((await intake.get("/api/submissions", intake.as_coordinator())).json()) == 1
    assert (await intake.post(f"{PATH}/versions/1/accept", None, km, if_match='"2"')).status_code == 403
    assert (await intake.post(PATH, content(), intake.as_coordinator())).status_code == 403
    iem = intake.as_member("iem", "coordinator")
    assert (await intake.post(PATH, content(), iem)).status_code == 403


async def test_bodies_that_cannot_be_read(intake: Intake) -> None:
    vp = {**intake.as_member("vp"), "Content-Type": "application/json"}
    broken = await intake.client.post(PATH, content=b'{"observations": [', headers=vp)
    huge = await intake.client.post(PATH, content=b" " * 300_000, headers=vp)

    async def endless() -> Any:
        for _ in range(10):
            yield b" " * 65_536

    streamed = await intake.client.post(PATH, content=endless(), headers=vp)
    nan = await intake.client.post(PATH, content=b'{"observations": NaN}', headers=vp)

    assert (broken.status_code, nan.status_code) == (400, 400)
    assert (huge.status_code, streamed.status_code) == (413, 413)
    assert "256 kB" in huge.json()["detail"]


async def test_a_dry_run_keeps_nothing(intake: Intake) -> None:
    before = await intake.everything()
    right = await intake.post("/api/validate/2026-Q1/vp", content(), intake.as_member("vp"))
    wrong = await intake.post("/api/validate/2026-Q1/vp", content(referred(-1)), intake.as_member("vp"))

    assert (right.status_code, right.json()) == (200, {"valid": True, "warnings": []})
    assert (wrong.status_code, errors(wrong)) == (422, [("/observations/0/value", "negative")])
    assert await intake.everything() == before


async def test_refusals_are_in_the_readers_language(intake: Intake) -> None:
    vp = intake.as_member("vp")
    english = await intake.post(PATH, content(referred(-1)), vp)
    latvian = await intake.post(PATH, content(referred(-1)), {**vp, "Accept-Language": "lv"})

    assert english.json()["errors"][0]["detail"] == "The number is negative."
    assert latvian.json()["errors"][0]["detail"] == "Skaits ir negatīvs."
    assert all(error["hint"] for error in latvian.json()["errors"])


async def test_everything_wrong_with_a_return_is_told_at_once(intake: Intake) -> None:
    await intake.post(PATH, content(), intake.as_member("vp"))
    body = {"reasons": [{"at": "/observations/5", "text": {"lv": "x"}}], "due": "2026-04-18"}
    answer = await intake.post(f"{PATH}/versions/1/return", body, intake.as_coordinator(), if_match='"1"')
    assert (answer.status_code, errors(answer)) == (
        422,
        [("/due", "not_working_day"), ("/reasons/0/at", "no_such_place")],
    )


async def test_a_correction_that_does_not_fit_the_accepted_figure(intake: Intake) -> None:
    await accepted(intake, referred(3))
    figure = {name: code for name, code in referred().items() if name != "value"}
    body = {"items": [{"observation": figure, "old": 2, "new": 4, "reason": {"lv": "x"}}]}
    answer = await intake.post(f"{PATH}/corrections", body, intake.as_member("vp"), if_match='"2"')
    assert (answer.status_code, errors(answer)) == (422, [("/items/0/old", "old_differs")])


async def test_a_bulk_is_all_or_nothing(intake: Intake) -> None:
    vp = intake.as_member("vp")
    before = await intake.everything()

    def bulk(second: dict[str, Any]) -> dict[str, Any]:
        first = {"period": "2026-Q1", "member": "vp", "content": content()}
        return {"submissions": [first, {"period": "2026-Q2", "member": "vp", "content": second}]}

    refused = await intake.post("/api/submissions", bulk(content(referred(-1), referred(2))), vp)
    assert (refused.status_code, errors(refused)) == (
        422,
        [
            ("/submissions/1/content/observations/0/value", "negative"),
            ("/submissions/1/content/observations/1", "duplicate_key"),
        ],
    )
    assert await intake.everything() == before

    done = await intake.post("/api/submissions", bulk({"nothing_to_report": True}), vp, idempotency_key="b")
    assert done.status_code == 201, done.text
    assert [(s["period"], s["revision"]) for s in done.json()["submissions"]] == [("2026-Q1", 1), ("2026-Q2", 1)]
    assert done.headers["nrem-after"] == "intake:submission/2026-Q1/vp@1, intake:submission/2026-Q2/vp@1"

    again = await intake.post("/api/submissions", bulk({"nothing_to_report": True}), vp)
    assert (again.status_code, errors(again)) == (
        428,
        [("/submissions/0", "revision_required"), ("/submissions/1", "revision_required")],
    )
    other = {"submissions": [{"period": "2026-Q1", "member": "km", "content": content()}]}
    foreign = await intake.post("/api/submissions", other, vp)
    assert (foreign.status_code, errors(foreign)) == (422, [("/submissions/0/member", "other_member")])


async def test_who_owes_nothing_submits_nothing(intake: Intake) -> None:
    answer = await intake.post("/api/periods/2026-Q1/submissions/vpk", content(), intake.as_member("vpk"))
    assert answer.status_code == 409
    unknown = await intake.post("/api/periods/2031-Q1/submissions/vp", content(), intake.as_member("vp"))
    assert unknown.status_code == 404


async def test_concurrent_submissions_leave_one_winner(intake: Intake) -> None:
    import asyncio

    vp = intake.as_member("vp")
    answers = await asyncio.gather(*(intake.post(PATH, content(referred(n)), vp) for n in range(6)))
    assert sorted(answer.status_code for answer in answers) == [201, *([428] * 5)]
    assert len((await intake.everything())["submission_version"]) == 1
