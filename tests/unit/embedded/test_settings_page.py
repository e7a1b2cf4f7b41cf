"""docs/settings.md names every setting with its meaning, and is current."""

from __future__ import annotations

import pytest

from nrem_embedded.platform.composition import BLUEPRINTS
from nrem_embedded.settings_page import PAGE, page

SETTINGS = [(name, field) for name, (_, model) in BLUEPRINTS.items() for field in model.model_fields]


def test_the_page_is_current() -> None:
    assert PAGE.read_text("utf-8") == page(), "python -m nrem_embedded.settings_page"


@pytest.mark.parametrize(("service", "field"), SETTINGS)
def test_every_setting_is_on_it_with_its_meaning(service: str, field: str) -> None:
    meaning = BLUEPRINTS[service][1].model_fields[field].description
    assert meaning
    assert f"| `NREM_{field.upper()}` | {meaning} |" in page()
