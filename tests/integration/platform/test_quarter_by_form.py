"""A whole quarter entered by the form: the same figures as when it is imported."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from nrem_embedded.calendar import PlatformCalendar
from nrem_embedded.cli.access import find
from nrem_embedded.demonstration.player import Player, counted
from nrem_embedded.demonstration.quarter_files import read_quarter
from nrem_embedded.demonstration.scenario import demonstration_scenario, steps_of
from nrem_embedded.institutions import Institutions, http_client
from support.page_forms import Fields
from support.report_typist import Typist, encoded

pytestmark = pytest.mark.timeout(600)

DATA = Path(__file__).parents[3] / "data"
QUARTER = DATA / "demo" / "submissions-2026-Q1.yaml"


class ByForm(Institutions):
    """Institutions that type their reports into the form; everything else they do as a program does."""

    typed = 0

    async def ask(self, who: str, method: str, path: str, **more: Any) -> httpx.Response:
        beginning, _, stream = path.partition("/api/periods/")
        if method != "POST" or not stream or stream.count("/") != 2:
            return await super().ask(who, method, path, **more)

        async def browse(verb: str, address: str, fields: Fields | None) -> httpx.Response:
            headers = {"accept": "text/html", "accept-language": "en"}
            if fields is None:
                return await super(ByForm, self).ask(who, verb, address, headers=headers)
            headers["content-type"] = "application/x-www-form-urlencoded"
            return await super(ByForm, self).ask(who, verb, address, content=encoded(fields), headers=headers)

        typist = Typist(browse, f"{beginning}/periods/{stream}")
        content = more["json"]
        if content["nothing_to_report"]:
            answer = await browse("POST", f"{beginning}/periods/{stream}/nothing", [("revision", "0")])
            assert answer.status_code == 303, answer.text[:500]
        else:
            await typist.type_in(content)
            answer = await typist.submit()
        self.typed += 1
        after = answer.cookies.get("nrem_after", "").strip('"').replace("|", ", ")
        return httpx.Response(201, headers={"nrem-after": after}, request=answer.request)


async def enter(state: Path) -> tuple[int, int, int]:
    """(reports typed, steps done, steps passed over) of the quarter."""
    access, (quarter, _) = find(state), read_quarter(QUARTER)
    calendar = PlatformCalendar.from_folder(DATA)
    scheduled = demonstration_scenario(DATA, calendar, quarter.group, "empty")
    steps = list(steps_of(quarter))
    async with http_client(access.url) as http:
        http.headers["origin"] = access.url.rstrip("/")  # as a browser says with a post
        people = ByForm(http, access.keys)
        player = Player(people, scheduled.together_with(steps), calendar)
        happened = [each async for each in player.play(max(step.at for step in steps))]
    return people.typed, *counted(happened)


def test_a_quarter_entered_by_form_has_the_same_figures_as_the_import(empty_platform: Any) -> None:
    with ThreadPoolExecutor(1) as thread:  # in this one other tests have their event loop
        typed, done, passed_over = thread.submit(asyncio.run, enter(empty_platform.state)).result()
    assert (typed, passed_over) == (18, 0)
    assert done > typed
    moved = empty_platform.nrem("clock", "advance", "--to", "2026-05-01T12:00")
    assert moved.returncode == 0, moved.stdout + moved.stderr
    checked = empty_platform.nrem("check-quarter", str(QUARTER))
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "compared 128 values, 0 differ" in checked.stdout
