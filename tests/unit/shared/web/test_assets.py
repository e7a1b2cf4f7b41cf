import gzip
import hashlib
import re

import pytest
from httpx import ASGITransport, AsyncClient

from nrem_shared.web.assets import Assets

pytestmark = pytest.mark.unit


def test_an_address_names_the_content() -> None:
    assets = Assets("/static")
    asset = assets.asset("nrem.css")
    assert assets.url("nrem.css") == f"/static/nrem.{hashlib.sha256(asset.body).hexdigest()[:12]}.css"


def test_the_style_sheet_refers_to_published_fonts_only() -> None:
    assets = Assets()
    references = re.findall(rb'url\("([^"]+)"\)', assets.asset("nrem.css").body)
    assert {name.decode() for name in references} == {
        assets.asset("source-sans-3-latin.woff2").name,
        assets.asset("source-sans-3-latin-ext.woff2").name,
    }


def test_nothing_is_loaded_from_elsewhere_and_no_foreign_typeface_named() -> None:
    style_sheet = Assets().asset("nrem.css").body
    assert not re.search(rb"(url\(|@import )[\"']?(https?:)?//", style_sheet)
    assert b"GDS Transport" not in style_sheet


async def test_files_are_kept_for_ever_and_compressed() -> None:
    assets = Assets()
    async with AsyncClient(transport=ASGITransport(assets), base_url="http://nrem.test") as client:
        answer = await client.get(assets.url("nrem.css"), headers={"accept-encoding": "gzip"})
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["content-encoding"] == "gzip"
        assert answer.content == assets.asset("nrem.css").body
        assert (await client.get("/static/nrem.000000000000.css")).status_code == 404


def test_a_first_visit_transfers_little() -> None:
    assets = Assets()
    fonts = sum(len(assets.asset(f"source-sans-3-{part}.woff2").body) for part in ("latin", "latin-ext"))
    assert fonts + len(gzip.compress(assets.asset("nrem.css").body, 9)) < 110_000
