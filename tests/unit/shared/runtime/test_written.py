"""A body of JSON is taken as it is written: nothing is guessed, every error has its place, the document is the same."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import pytest
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field, TypeAdapter

from nrem_shared.runtime.problems import from_request_validation
from nrem_shared.runtime.written import Written

pytestmark = pytest.mark.unit


class Step(BaseModel):
    days: Annotated[int, Field(ge=0)]
    working: bool = False
    from_day: date | None = None
    codes: tuple[str, ...] = ()


READER: TypeAdapter[Any] = TypeAdapter(Written[list[Step]])
RIGHT = {"days": 5, "working": True, "from_day": "2026-10-12", "codes": ["A"]}


def test_what_the_document_allows_is_read() -> None:
    assert READER.validate_python([RIGHT]) == [
        Step(days=5, working=True, from_day=date(2026, 10, 12), codes=("A",)),
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [("days", "5"), ("days", True), ("working", "true"), ("working", 1), ("from_day", 0), ("from_day", 86400.0)],
)
def test_nothing_is_guessed(name: str, value: object) -> None:
    with pytest.raises(RequestValidationError) as refused:
        READER.validate_python([RIGHT, {**RIGHT, name: value}])
    assert [one.pointer for one in from_request_validation(refused.value).errors] == [f"/1/{name}"]


def test_all_errors_come_at_once_and_the_document_is_the_same() -> None:
    with pytest.raises(RequestValidationError) as refused:
        READER.validate_python([{**RIGHT, "days": "5", "working": 1}, {"days": -1}])
    found = from_request_validation(refused.value).errors
    assert [one.pointer for one in found] == ["/0/days", "/0/working", "/1/days"]
    assert READER.json_schema() == TypeAdapter(list[Step]).json_schema()
