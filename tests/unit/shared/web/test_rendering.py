import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from httpx import ASGITransport, AsyncClient

from nrem_shared.web.charts import ChartRenderer
from nrem_shared.web.rendering import build_templates
from support.pseudo import untranslated
from unit.shared.web.site_under_test import gallery_app

# The gallery's charts start the drawing process.
pytestmark = [pytest.mark.integration, pytest.mark.asyncio(loop_scope="module")]

ADDRESS = "/statistics/components/"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client() -> AsyncIterator[AsyncClient]:
    charts = ChartRenderer()
    transport = ASGITransport(gallery_app(charts))
    async with AsyncClient(transport=transport, base_url="http://nrem.test") as opened:
        yield opened
    await charts.close()


async def test_latvian_is_the_default_and_the_browser_may_prefer_english(client: AsyncClient) -> None:
    client.cookies.clear()
    assert (
        '<html class="govuk-template" lang="lv">' in (await client.get(ADDRESS, headers={"accept-language": "de"})).text
    )
    english = await client.get(ADDRESS, headers={"accept-language": "de, en;q=0.8, lv;q=0.3"})
    assert '<html class="govuk-template" lang="en">' in english.text
    assert english.headers["content-language"] == "en"


async def test_a_language_asked_for_is_remembered_and_the_switch_keeps_the_address(client: AsyncClient) -> None:
    client.cookies.clear()
    asked = await client.get(ADDRESS + "?lang=en&page=2&page=3")
    assert 'href="/statistics/components/?page=2&amp;page=3&amp;lang=lv"' in asked.text
    assert client.cookies["nrem_lang"] == "en"
    assert 'lang="en"' in (await client.get(ADDRESS)).text
    client.cookies.clear()


async def test_the_navigation_marks_the_service_in_use(client: AsyncClient) -> None:
    assert re.search(r'href="/statistics/" aria-current="true"', (await client.get(ADDRESS)).text)


async def test_what_people_entered_is_escaped(client: AsyncClient) -> None:
    text = (await client.get(ADDRESS)).text
    assert "&lt;b&gt;Līga&lt;/b&gt; Kārkliņa" in text
    assert "<b>Līga" not in text


async def test_pages_carry_security_headers_and_no_script_or_inline_style(client: AsyncClient) -> None:
    answer = await client.get(ADDRESS + "errors")
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert "<script" not in answer.text
    assert "style=" not in answer.text


async def test_each_mistake_is_in_the_summary_and_at_its_field(client: AsyncClient) -> None:
    text = (await client.get(ADDRESS + "errors?lang=en")).text
    client.cookies.clear()
    for name in ("participants", "reason", "workbook"):
        assert f'href="#{name}"' in text
        assert f'id="{name}-error"' in text
    assert "<title>Error: Components" in text


async def test_an_error_page_says_what_to_do(client: AsyncClient) -> None:
    answer = await client.get(ADDRESS + "problem/404?lang=en")
    client.cookies.clear()
    assert answer.status_code == 404
    assert "The address may be wrong" in answer.text


@pytest.mark.parametrize("path", ["", "errors", "problem/404"])
async def test_no_text_of_ours_is_outside_the_catalogues(client: AsyncClient, path: str) -> None:
    text = (await client.get(ADDRESS + path + "?lang=qps")).text
    client.cookies.clear()
    assert untranslated(text) == []


async def test_a_name_nobody_gave_is_an_error() -> None:
    environment = build_templates().environment("lv")
    with pytest.raises(Exception, match="'unknown' is undefined"):
        environment.from_string("{{ unknown }}").render()
