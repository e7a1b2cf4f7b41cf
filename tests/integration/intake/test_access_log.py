"""Who read and exported what: written down for the coordinator, but for reading what is one's own."""

from __future__ import annotations

import re
from html import unescape

from integration.intake.conftest import Intake
from integration.intake.test_submissions import PATH, content

PAGE = "/periods/2026-Q1/submissions/vp"


async def noted(intake: Intake) -> list[tuple[str, str, str]]:
    connection = await intake.connect()
    try:
        rows = await connection.fetch("select actor, what, about from facts.access order by number")
        return [tuple(row) for row in rows]
    finally:
        await connection.close()


async def test_what_others_read_and_take_out_is_written_down(intake: Intake) -> None:
    assert (await intake.post(PATH, content(), intake.as_member("vp"))).status_code == 201
    for path in (PATH, PAGE, "/api/submissions"):
        assert (await intake.get(path, intake.as_coordinator())).status_code == 200
    assert await noted(intake) == [
        ("key:iem", "read", PATH),
        ("key:iem", "read", PAGE),
        ("key:iem", "export", "/api/submissions"),
    ]


async def test_pages_about_many_and_about_one_are_written_down_too(intake: Intake) -> None:
    paths = ("/queue", "/corrections", "/administration/members/vp", "/api/members/vp/contacts", "/api/redactions")
    for path in paths:
        assert (await intake.get(path, intake.as_coordinator())).status_code == 200, path
    assert [(what, about) for _, what, about in await noted(intake)] == [("read", path) for path in paths]


async def test_ones_own_exports_are_written_down(intake: Intake) -> None:
    vp = intake.as_member("vp")
    assert (await intake.get(f"{PAGE}/workbook.xlsx", vp)).status_code == 200
    assert (await intake.get("/api/members/vp/contacts", vp)).status_code == 200
    assert await noted(intake) == [("key:vp", "export", f"{PAGE}/workbook.xlsx")]


async def test_ones_own_reading_and_what_was_refused_are_not(intake: Intake) -> None:
    assert (await intake.post(PATH, content(), intake.as_member("vp"))).status_code == 201
    assert (await intake.get(PATH, intake.as_member("vp"))).status_code == 200
    assert (await intake.get(PATH, intake.as_member("lm"))).status_code == 404
    assert (await intake.get("/", intake.as_coordinator())).status_code == 200
    assert await noted(intake) == []


async def test_the_coordinator_reads_the_log_and_nobody_else(intake: Intake) -> None:
    assert (await intake.post(PATH, content(), intake.as_member("vp"))).status_code == 201
    assert (await intake.get(f"{PATH}?x=%3Cscript%3E", intake.as_coordinator())).status_code == 200
    page = await intake.get("/access-log?what=read&about=submissions/vp", intake.as_coordinator())
    assert page.status_code == 200
    text = unescape(re.sub(r"<[^>]+>", "", page.text))
    assert "Report · State Police · 2026-Q1" in text
    assert "with the institution’s key" in text
    assert PATH not in text, "in words"
    assert "key:iem" not in text
    exported = await intake.get("/access-log?what=export", intake.as_coordinator())
    assert "Nothing is written down" in exported.text
    file = await intake.get("/access-log/download?what=read", intake.as_coordinator())
    assert f"key:iem,iem,coordinator,read,{PATH}?x=%3Cscript%3E," in file.text
    assert file.headers["content-type"].startswith("text/csv")
    for role in (intake.as_member("vp"), intake.signing.bearer("operator", member="iem")):
        assert (await intake.get("/access-log", role)).status_code == 403
        assert (await intake.get("/access-log/download", role)).status_code == 403
