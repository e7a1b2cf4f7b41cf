"""The pages: figures with their marks, in both languages."""

from __future__ import annotations

import re

import pytest

from support.running import Running
from support.signing import Signing

LANGUAGES = ("lv", "en")


def text_of(html: str) -> str:
    """What a reader sees, in one line."""
    return re.sub(
        r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub(r"<(style|script|svg)\b.*?</\1>", "", html, flags=re.DOTALL))
    )


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_coordinators_quarter(statistics: Running, signing: Signing, language: str) -> None:
    answer = await statistics.client.get(
        f"/quarters/2026-Q1?lang={language}", headers=signing.cookie("coordinator", session="s")
    )
    assert answer.status_code == 200
    assert answer.headers["content-language"] == language
    text = text_of(answer.text)
    marks = {"lv": ("provizoriski dati", "ilustratīvi dati"), "en": ("provisional", "illustrative")}[language]
    assert all(mark in text.lower() for mark in marks)
    reason = {"lv": "Viena persona komisijā reģistrēta divreiz", "en": "registered twice by the commission"}[language]
    assert reason in text
    assert len(answer.content) < 150_000


async def test_as_known_on_yesterday_shows_the_old_figure(statistics: Running, signing: Signing) -> None:
    async def deduplicated(day: str) -> str:
        page = await statistics.client.get(
            f"/quarters/2026-Q1?as_known_on={day}&lang=en", headers=signing.cookie("coordinator")
        )
        found = re.search(r"Deduplicated total (\d+)", text_of(page.text))
        return found[1] if found else ""

    assert await deduplicated("2026-07-12") == "15"
    assert await deduplicated("2026-07-13") == "14"


async def test_a_wrong_day_is_named_beside_the_present_figures(statistics: Running, signing: Signing) -> None:
    page = await statistics.client.get(
        "/quarters/2026-Q1?as_known_on=2030-01-01&lang=en", headers=signing.cookie("coordinator")
    )
    assert page.status_code == 422
    assert "lies in the future" in text_of(page.text)
    assert "Deduplicated total" in text_of(page.text)


async def test_a_member_sees_its_own(statistics: Running, signing: Signing) -> None:
    page = await statistics.client.get("/quarters/2026-Q1?lang=en", headers=signing.cookie("member", member="lm"))
    text = text_of(page.text)
    assert "Persons starting social rehabilitation" in text
    assert "The whole working group" not in text
    assert "marta" not in text
    assert "Convicted persons" not in text
    assert "Victims registered for the first time" not in text


async def test_an_unknown_quarter_is_a_page_of_its_own(statistics: Running, signing: Signing) -> None:
    headers = {**signing.cookie("coordinator"), "Accept": "text/html"}
    page = await statistics.client.get("/quarters/2031-Q1", headers=headers)
    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_years_with_chart_table_ranges_and_break(with_history: Running, language: str) -> None:
    page = await with_history.client.get(f"/years?lang={language}")
    assert page.status_code == 200
    assert "<svg" in page.text
    text = text_of(page.text)
    assert all(figure in text for figure in ("2021–2023", "111", "95", "149", "303"))
    assert {"lv": "26 vai 23", "en": "26 or 23"}[language] in text
    released = {"lv": "vēl nav publicēti", "en": "have not been released"}[language]
    assert released in text


async def test_the_coordinators_years_show_the_year_to_date(with_history: Running, signing: Signing) -> None:
    page = await with_history.client.get("/years?lang=en", headers=signing.cookie("coordinator"))
    text = text_of(page.text)
    assert "Q1, Q2, Q3" in text
    assert "Provisional" in text


@pytest.mark.parametrize(
    ("roles", "member", "target"),
    [
        (("coordinator",), None, "/statistics/quarters/2026-Q3"),
        (("member",), "vp", "/statistics/quarters/2026-Q3"),
        (("reader",), None, "/statistics/years"),
        ((), None, "/statistics/years"),
    ],
)
async def test_the_front_door(
    statistics: Running, signing: Signing, roles: tuple[str, ...], member: str | None, target: str
) -> None:
    headers = signing.cookie(*roles, member=member) if roles else {}
    answer = await statistics.client.get("/", headers=headers)
    assert (answer.status_code, answer.headers["location"]) == (303, target)
    in_english = await statistics.client.get("/?lang=en", headers=headers)
    assert in_english.headers["location"] == f"{target}?lang=en"
