"""What the forms of administration have in common: who writes, where errors go, what follows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from nrem_shared.runtime.problems import Problem
from nrem_shared.runtime.reading import see_other
from nrem_shared.runtime.requests import provenance, runtime_of
from nrem_shared.web.forms import FieldError

if TYPE_CHECKING:
    from fastapi import Request, Response
    from starlette.datastructures import FormData

    from nrem_shared.runtime.journal import Writing

T = TypeVar("T")

#: Kinds of pydantic errors that have a message of their own; others are "not of the form expected".
_KNOWN = {"missing": "missing", "string_too_short": "missing"}


def administration_at(request: Request) -> str:
    """Where the pages of administration begin."""
    return f"{request.scope.get('root_path', '')}/administration"


def current_of(request: Request) -> str:
    """The entry of the navigation that these pages belong to."""
    return administration_at(request)


async def written(request: Request, to: str, command: Callable[[Writing], Awaitable[T]]) -> Response:
    """Run a command and go on to a page. Raises whatever the command raises."""
    runtime = runtime_of(request)
    async with runtime.journal.writing(provenance(request)) as writing:
        await command(writing)
    return see_other(to, after=writing.after, secure=runtime.settings.secure_cookies)


def fault(field: str | None, code: str, **values: object) -> FieldError:
    """One mistake at a field; the message is `administration.fault_<code>`."""
    return FieldError(field, f"administration.fault_{code}", values)


def faults_of(errors: Iterable[dict[str, object]], field_of: Callable[[tuple[object, ...]], str]) -> list[FieldError]:
    """Pydantic's errors at the fields of a form."""
    found: dict[str, FieldError] = {}
    for error in errors:
        field = field_of(tuple(error["loc"]))  # type: ignore[arg-type]
        plain = fault(field, _KNOWN.get(str(error["type"]), "malformed"), value="")
        found.setdefault(field, _too_long(field, error) or plain)
    return list(found.values())


def _too_long(field: str, error: Mapping[str, object]) -> FieldError | None:
    """How long the text may be, and how many characters are too many; null for another error."""
    context, text = error.get("ctx"), error.get("input")
    if error["type"] != "string_too_long" or not isinstance(context, dict) or not isinstance(text, str):
        return None
    longest = int(context["max_length"])
    return fault(field, "longer", limit=longest, over=len(text) - longest)


def problem_faults(problem: Problem, field_of: Callable[[str], str | None]) -> list[FieldError]:
    """The errors of a command's 422 problem at the fields of a form. Raises the problem where it is another one."""
    if problem.status != 422:
        raise problem
    return [fault(field_of(error.pointer), error.code, value="") for error in problem.errors]


def day_faults(given: Mapping[str, str]) -> list[FieldError]:
    """What is wrong with the fields `valid_from` and `valid_to`."""
    days: dict[str, date | None] = {}
    errors = []
    for name in ("valid_from", "valid_to"):
        try:
            days[name] = day_of(given[name])
        except ValueError:
            errors.append(fault(name, "day", value=""))
    begins, ends = days.get("valid_from"), days.get("valid_to")
    if begins and ends and ends < begins:
        errors.append(fault("valid_to", "before_start", value=""))
    return errors


def days_of(given: Mapping[str, str]) -> tuple[dict[str, date | None], list[FieldError]]:
    """The fields `valid_from` and `valid_to` as days, or what is wrong with them."""
    errors = day_faults(given)
    return {} if errors else {name: day_of(given[name]) for name in ("valid_from", "valid_to")}, errors


def sent_texts(form: FormData, names: Iterable[str]) -> dict[str, str]:
    """What a browser sent in fields of text; empty where it sent none."""
    return {name: str(form.get(name, "")).strip() for name in names}


def day_of(text: str) -> date | None:
    """The day that a date field holds; null where it is empty. Raises ValueError."""
    return date.fromisoformat(text.strip()) if text.strip() else None
