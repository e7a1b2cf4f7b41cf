"""Bodies of JSON taken as they are written: "5" is no number, 1 is not true, 0 is no day.

The framework validates what JSON was read into, and there it guesses what may have been meant. `Written[Body]` in a
route's signature refuses what the document forbids, with its place; the document stays as it is for `Body`.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from fastapi.exceptions import RequestValidationError
from pydantic import TypeAdapter, ValidationError
from pydantic_core import core_schema, to_json

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler

T = TypeVar("T")


class _Reader:
    """Reads JSON strictly into one type."""

    def __init__(self, kind: Any) -> None:
        self._kind = kind

    @cached_property
    def _adapter(self) -> TypeAdapter[Any]:
        return TypeAdapter(self._kind)

    def __call__(self, value: Any) -> Any:
        """What was sent as the type, or every error of it at its place in the body."""
        try:
            return self._adapter.validate_json(to_json(value), strict=True)
        except ValidationError as error:
            found = error.errors(include_url=False, include_input=False)
            raise RequestValidationError([{**each, "loc": ("body", *each["loc"])} for each in found]) from None


class _AsWritten:
    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_before_validator_function(_Reader(source), handler(source))


Written = Annotated[T, _AsWritten()]
