"""What validation said when a request arrived holds in the transaction only by the same catalogue."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from data_catalogue import catalogue
from nrem_intake.submissions.catalogues import InForce
from nrem_intake.submissions.checking import Beside, Looked, ToSubmit, content_or_errors
from nrem_intake.submissions.domain.labels import build_labels
from nrem_intake.submissions.domain.refusals import Refusal
from nrem_intake.submissions.domain.validation import Refused
from nrem_intake.submissions.domain.watch import LetPass
from nrem_intake.submissions.streams import Known
from nrem_shared.contracts.submissions import SubmissionContent
from nrem_shared.runtime.working_days import WorkingDays
from unit.intake.streams import PERIOD, new_stream

pytestmark = pytest.mark.unit

NOTHING_BESIDE = Beside({}, {})
REFUSED = Refused((Refusal("", "empty"),))


def known(found: Any) -> Known:
    calendar = WorkingDays.from_code_lists(())
    return Known(new_stream(), True, InForce(found, calendar, build_labels((), (), (), (), ())))


def request(found: Any) -> ToSubmit:
    return ToSubmit(PERIOD, "vp", {"nothing_to_report": True}, looked=Looked(found, REFUSED))


def test_by_the_same_catalogue_it_holds() -> None:
    found = catalogue(PERIOD)
    assert content_or_errors(request(found), known(found), NOTHING_BESIDE) == REFUSED.errors


def test_by_another_one_the_document_is_validated_anew() -> None:
    found = catalogue(PERIOD)
    newer = replace(found)
    content = content_or_errors(request(found), known(newer), NOTHING_BESIDE)
    assert content == SubmissionContent(nothing_to_report=True)


def test_texts_that_were_let_pass_count_too() -> None:
    found = catalogue(PERIOD)
    again = request(found)._replace(let_pass=(LetPass(b"salt", b"digest"),))
    assert isinstance(content_or_errors(again, known(found), NOTHING_BESIDE), SubmissionContent)
