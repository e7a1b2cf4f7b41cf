"""Every message in both languages, in the field's terms."""

from __future__ import annotations

from pathlib import Path

import nrem_statistics
from nrem_shared.web.completeness import missing_messages


def test_no_message_is_missing() -> None:
    assert missing_messages("nrem_statistics") == ()


def test_a_victim_is_not_an_injured_party() -> None:
    catalogue = Path(nrem_statistics.__file__).parent / "messages" / "lv.po"
    assert "cietuš" not in catalogue.read_text("utf-8").lower()
