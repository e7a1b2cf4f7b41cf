import asyncio
from xml.etree import ElementTree

import pytest

from nrem_shared.web.chart_specs import ChartWords, Observation, bar_chart, line_chart
from nrem_shared.web.charts import ChartRefused, ChartRenderer, accessible

WORDS = ChartWords("skaits", "galīgs", "provizorisks", "pārtrauce laikrindā")
YEARS = (
    Observation("2023", 47),
    Observation("2024", 1234, low=30, high=1300),
    Observation("2025", 33, provisional=True),
)
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.unit
def test_no_line_crosses_a_break_or_a_gap() -> None:
    spec = line_chart((*YEARS, Observation("2026", None), Observation("2027", 9)), WORDS, breaks=("2024",))
    segments = {row["period"]: row["segment"] for row in spec["data"]["values"]}
    assert segments["2023"] != segments["2024"] == segments["2025"] != segments["2027"]


@pytest.mark.unit
def test_the_drawing_is_named_and_takes_the_width_of_its_place() -> None:
    drawn = accessible(
        '<svg class="marks" width="9" height="3" viewBox="0 0 9 3"><g role="x" aria-label="y"/></svg>', "A < B", "C & D"
    )
    root = ElementTree.fromstring(drawn)
    assert root.get("role") == "img"
    assert root.get("width") is None
    assert root.get("viewBox") == "0 0 9 3"
    title, description, group = root
    assert (title.text, description.text, group.attrib) == ("A < B", "C & D", {})
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"


@pytest.mark.integration
async def test_a_chart_is_drawn_elsewhere_kept_and_the_worker_ends_when_idle() -> None:
    charts = ChartRenderer(idle_seconds=0.3)
    chart = await charts.chart(
        line_chart(YEARS, WORDS, breaks=("2024",)), title="Upuri", description="No 47 līdz 33", language="lv"
    )
    texts = {node.text for node in ElementTree.fromstring(chart.svg).iter(f"{SVG}text")}
    assert {"2023", "skaits", "galīgs", "provizorisks", "pārtrauce laikrindā", "1\u00a0200"} <= texts
    assert "style=" not in chart.svg
    first = charts.worker_pid
    assert first is not None
    assert "1,200" in await charts.svg(line_chart(YEARS, WORDS), language="en")
    assert charts.worker_pid == first
    async with asyncio.timeout(10):
        while charts.worker_pid is not None:
            await asyncio.sleep(0.05)
    again = await charts.chart(
        line_chart(YEARS, WORDS, breaks=("2024",)), title="Upuri", description="No 47 līdz 33", language="lv"
    )
    assert again == chart
    assert charts.worker_pid is None  # it was kept, nothing was drawn


@pytest.mark.integration
async def test_a_worker_that_died_is_replaced() -> None:
    charts = ChartRenderer()
    await charts.svg(bar_chart(YEARS, WORDS))
    assert charts._worker is not None
    charts._worker.kill()
    assert (await charts.svg(bar_chart(YEARS, WORDS, height=200))).startswith("<svg")
    await charts.close()


@pytest.mark.integration
async def test_what_cannot_be_drawn_is_refused() -> None:
    charts = ChartRenderer()
    with pytest.raises(ChartRefused):
        await charts.svg({"mark": "no such mark"})
    await charts.close()
