"""Every message that intake's pages show is there in both languages."""

from __future__ import annotations

import pytest

from nrem_shared.web.completeness import missing_messages

pytestmark = pytest.mark.unit


def test_no_message_is_missing() -> None:
    # Codes of JSON problems are no messages; they have no dot.
    assert [one for one in missing_messages("nrem_intake") if "." in one.identifier] == []
