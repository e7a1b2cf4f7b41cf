"""Forms as data: fields that one template draws, and what was sent as the body of a command."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from pydantic import BaseModel, ValidationError

from nrem_plan_tracker.answers import form_errors
from nrem_plan_tracker.guarding import guard
from nrem_plan_tracker.refusals import Refusal, Refused
from nrem_shared.runtime.clock import RIGA
from nrem_shared.runtime.problems import pointer
from nrem_shared.runtime.reading import see_other
from nrem_shared.runtime.requests import provenance, runtime_of
from nrem_shared.web.typed import over

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from fastapi import Request
    from fastapi.responses import Response

    from nrem_shared.runtime.journal import Writing
    from nrem_shared.web.forms import FieldError
    from nrem_shared.web.messages import Translator

Body = TypeVar("Body", bound=BaseModel)
Kind = Literal["text", "area", "date", "time", "number", "select", "radio", "checkboxes", "hidden"]

#: Of a text; the form that shows it says which field it is.
TOO_LONG = "too_long"
_MISSING = frozenset({"missing", "string_too_short", "none_required", "enum_missing"})


@dataclass(frozen=True)
class Field:
    """One control. `label` and `hint` are message ids; `options` are (value, text), the text finished."""

    kind: Kind
    name: str
    label: str
    value: Any = ""
    hint: str | None = None
    options: Sequence[tuple[str, str]] = ()
    required: bool = False
    empty: str | None = None


@dataclass(frozen=True)
class Form:
    """A page that is one form. `back` and `action` are paths; `submit` a message id.

    `closed` says why nothing can be sent: then there is no form.
    """

    action: str
    submit: str
    back: str
    back_label: str
    fields: tuple[Field, ...]
    intro: str | None = None
    kind: Literal["primary", "warning"] = "primary"
    errors: tuple[FieldError, ...] = field(default=())
    closed: str | None = None

    def named(self, error: FieldError, translate: Translator) -> FieldError:
        """The error, with what its field is called and how much is too much where a text is too long."""
        if error.message != f"refusal.{TOO_LONG}":
            return error
        label = next((one.label for one in self.fields if one.name == error.field), error.field or "")
        given, longest = (int(str(error.values[name])) for name in ("given", "longest"))
        return over(translate, error.field, label, given, longest)


def why_closed(translate: Translator, check: Callable[[], object]) -> str | None:
    """Why a form could only refuse, as `check` says by raising Refused; null where it can be sent."""
    try:
        check()
    except Refused as refused:
        return " ".join(translate(f"refusal.{one.code}", **one.values) for one in refused.refusals)
    return None


def in_both_languages(
    values: Mapping[str, Any], name: str, label: str, *, required: bool = False, kind: Kind = "area"
) -> tuple[Field, Field]:
    """A text's two fields, `<name>_lv` and `<name>_en`, with the labels `<label>_lv` and `<label>_en`; the Latvian one
    may be required."""
    lv, en = f"{name}_lv", f"{name}_en"
    return (
        Field(kind, lv, f"{label}_lv", values.get(lv, ""), required=required),
        Field(kind, en, f"{label}_en", values.get(en, "")),
    )


def choice(values: Mapping[str, Any], name: str, label: str, options: Sequence[tuple[str, str]]) -> Field:
    """One of several, or none."""
    return Field("select", name, label, values.get(name, ""), options=options, empty="form.none")


async def sent(request: Request, *several: str) -> dict[str, Any]:
    """The form's values; those of the names in `several` (checkboxes) are lists."""
    form = await request.form()
    values: dict[str, Any] = {}
    for name in form:
        given = [value for value in form.getlist(name) if isinstance(value, str)]
        values[name] = given if name in several else (given[-1].strip() if given else "")
    return values


def text_of(values: Mapping[str, Any], name: str) -> dict[str, str | None] | None:
    """A text in both languages from `<name>_lv` and `<name>_en`; null where both are empty."""
    lv, en = values.get(f"{name}_lv", ""), values.get(f"{name}_en", "")
    return {"lv": lv, "en": en or None} if lv or en else None


def moment_of(values: Mapping[str, Any], day: str, time: str) -> str | None:
    """The instant of a day and a time in Riga; as it was sent where it is none, so that it is refused there."""
    given = f"{values.get(day, '')}T{values.get(time, '')}"
    try:
        return datetime.fromisoformat(given).replace(tzinfo=RIGA).isoformat()
    except ValueError:
        return None


def body(model: type[Body], values: Mapping[str, Any]) -> Body:
    """The command's body. Raises Refused with every field that does not fit."""
    try:
        return model.model_validate({name: value for name, value in values.items() if value not in ("", None)})
    except ValidationError as error:
        raise Refused("invalid", [_refusal(item) for item in error.errors()]) from error


def _refusal(item: Any) -> Refusal:
    kind = str(item["type"])
    code = "not_valid"
    if kind in _MISSING:
        code = "missing"
    elif kind.startswith("date"):
        code = "not_a_date"
    elif kind.startswith("int"):
        code = "not_a_number"
    elif kind == "string_too_long":
        values = {"longest": item["ctx"]["max_length"], "given": len(item["input"])}
        return Refusal(pointer(item["loc"]), TOO_LONG, values)
    return Refusal(pointer(item["loc"]), code)


async def act(
    request: Request,
    to: str,
    work: Callable[[Writing], Awaitable[Any]],
    again: Callable[[list[FieldError], int], Awaitable[Response]],
    fields: Mapping[str, str] | None = None,
) -> Response:
    """Run a form's command and go on to `to`; what is refused is shown by `again`, at its fields."""
    runtime = runtime_of(request)
    try:
        async with runtime.journal.writing(provenance(request)) as writing:
            await work(writing)
            await guard(writing)
    except Refused as refused:
        status = {"invalid": 422, "conflict": 409, "unknown": 404}[refused.why]
        return await again(form_errors(refused, fields), status)
    return see_other(to, after=writing.after, secure=runtime.settings.secure_cookies)
