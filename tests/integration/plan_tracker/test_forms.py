"""Forms: what can only be refused is told instead of asked; what is too long comes back with what was typed."""

from __future__ import annotations

from html import unescape

import pytest

from integration.plan_tracker.scenario import Life
from integration.plan_tracker.test_pages import lived, page, submit, text_of

__all__ = ["lived"]

HELD, CALLED = "/meetings/M-2026-Q2", "/meetings/M-2026-Q4"


@pytest.mark.parametrize(
    ("path", "why"),
    [
        (f"{HELD}/move", "M-2026-Q2 was held already"),
        (f"{HELD}/cancel", "M-2026-Q2 was held already"),
        (f"{HELD}/hold", "M-2026-Q2 was held already"),
        (f"{CALLED}/hold", "has not begun"),
        (f"{CALLED}/decisions", "has not been held yet"),
        (f"{HELD}/decisions", "minutes"),
        (f"{HELD}/amend", "approved"),
        (f"{HELD}/amendments/A-2026-01", "approved"),
        ("/plans/2025-2027/results/7.6/dissent", "no verdict"),
    ],
)
async def test_where_a_form_could_only_refuse_the_page_says_why_instead(lived: Life, path: str, why: str) -> None:
    html = await page(lived, f"{path}?lang=en", "coordinator")
    assert why in text_of(html)
    assert f'action="/plan{path}"' not in html


@pytest.mark.parametrize("path", [f"{CALLED}/move", f"{CALLED}/cancel", "/meetings/M-2026-Q3/decisions"])
async def test_where_it_can_be_sent_the_form_is_there(lived: Life, path: str) -> None:
    assert f'action="/plan{path}"' in await page(lived, path, "coordinator")


async def test_what_was_decided_meanwhile_is_refused_with_what_was_typed(lived: Life) -> None:
    refused = await submit(lived, f"{HELD}/cancel?lang=en", {"reason_lv": "Slimība"}, "coordinator")
    assert refused.status_code == 409
    assert "held already" in text_of(refused.text)
    assert "Slimība" in refused.text


@pytest.mark.parametrize(
    ("path", "field", "label", "more"),
    [
        (f"{CALLED}/cancel", "reason_lv", "Reason", {}),
        (f"{CALLED}/move", "place_en", "Place", {"starts_on": "2026-12-15", "starts_time": "13:30"}),
        ("/meetings/M-2026-Q3/decisions", "text_lv", "decision", {}),
        ("/meetings/M-2026-Q3/decisions", "task_en", "task", {"text_lv": "L", "owner": "vp", "due": "2027-01-29"}),
        ("/plans/2025-2027/results/7.6/verdict", "text_en", "English", {"verdict": "in_progress", "text_lv": "T"}),
    ],
)
async def test_a_text_that_is_too_long_comes_back_at_its_field(
    lived: Life, path: str, field: str, label: str, more: dict[str, str]
) -> None:
    latvian = field.replace("_en", "_lv")
    typed = "ā" * 4003 + "beigas"
    refused = await submit(lived, f"{path}?lang=en", {latvian: "Teksts", **more, field: typed}, "coordinator")
    assert refused.status_code == 422, refused.text[:500]
    assert f'href="#{field}"' in refused.text
    assert f'id="{field}-error"' in refused.text
    said = unescape(text_of(refused.text))
    assert "at most 4,000 characters. There are 9 characters too many" in said
    assert label.lower() in said.lower()
    assert typed in refused.text, "what was typed is there"
