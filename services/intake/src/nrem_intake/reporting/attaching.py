"""Files chosen in the form: kept as evidence at once, and referred to by the row in which they were chosen.

A file that is refused leaves a mark in its row, so that its reasons stand at its field wherever the row comes to stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from starlette.datastructures import UploadFile

from nrem_intake.evidence import commands
from nrem_intake.submissions.asking import count_failed
from nrem_intake.submissions.domain.refusals import Refusal
from nrem_intake.submissions.failures import Failed
from nrem_shared.runtime.requests import provenance, runtime_of

if TYPE_CHECKING:
    from fastapi import Request
    from starlette.datastructures import FormData

#: The section that files belong to, and the last part of the name of a field that one is chosen in.
SECTION = "plan_progress"
FILE = "file"

#: What a chosen file is where nobody said otherwise.
_DOCUMENT = "document"
_FIELD = re.compile(rf"(/{SECTION}/\d{{1,6}}/evidence/\d{{1,6}})/{FILE}\Z", re.ASCII)


@dataclass
class Attached:
    """The form's fields with references to the files that were kept; `refused` is mark → why a file was not."""

    fields: list[tuple[str, str]]
    refused: dict[str, tuple[Refusal, ...]] = field(default_factory=dict)


def plain_fields(form: FormData) -> list[tuple[str, str]]:
    """What was typed or chosen, without files (a script sends their places as text)."""
    return [(name, text) for name, text in form.multi_items() if isinstance(text, str) and not _FIELD.match(name)]


async def attached(request: Request, period: str, member: str, form: FormData) -> Attached:
    """Keep every file that was chosen. One that is refused is told by `refused`; the others are kept all the same."""
    made = Attached(plain_fields(form))
    for name, given in form.multi_items():
        found = _FIELD.match(name)
        if found is None or not isinstance(given, UploadFile) or not given.filename:
            continue
        try:
            reference = await _kept(request, period, member, given)
        except Failed as failed:
            count_failed(request, failed)
            mark = f"refused-{len(made.refused)}"
            made.refused[mark] = failed.failures[0].errors
            made.fields.append((name, mark))
        else:
            made.fields = _referring(made.fields, found[1], reference)
    return made


async def _kept(request: Request, period: str, member: str, given: UploadFile) -> str:
    runtime = runtime_of(request)
    content = await given.read(commands.limit_of(runtime) + 1)
    kept = await commands.keep(runtime, period, member, given.filename or "", content, provenance(request))
    return kept.ref


def _referring(fields: Iterable[tuple[str, str]], row: str, reference: str) -> list[tuple[str, str]]:
    """The row refers to the file, whatever was typed as its link; it is a document unless somebody said otherwise."""
    kept = [(name, text) for name, text in fields if name != f"{row}/ref" and (name != f"{row}/kind" or text)]
    kind = [] if any(name == f"{row}/kind" for name, _ in kept) else [(f"{row}/kind", _DOCUMENT)]
    return [*kept, *kind, (f"{row}/ref", reference)]


def taken_out(items: Iterable[dict[str, Any]], refused: Mapping[str, tuple[Refusal, ...]]) -> list[Refusal]:
    """Take the marks of refused files out of the items; the reasons, each at the field where its file was chosen.

    Reasons about a file's name are told apart by a last step, `name`.
    """
    found = []
    for place, item in enumerate(items):
        rows = item.get("evidence")
        for number, row in enumerate(rows if isinstance(rows, list) else ()):
            if isinstance(row, dict) and (mark := row.pop(FILE, None)) is not None:
                at = f"/{SECTION}/{place}/evidence/{number}/{FILE}"
                found += [_at(at, error) for error in refused.get(str(mark), ())]
    return found


def without_repeats(errors: Iterable[Refusal], refused: Iterable[Refusal]) -> list[Refusal]:
    """The errors, apart from those that miss a reference where a file was chosen and refused: that is told already."""
    told = {error.pointer.removesuffix("/name").removesuffix(f"/{FILE}") + "/ref" for error in refused}
    return [error for error in errors if error.code != "missing" or error.pointer not in told]


def _at(field_name: str, error: Refusal) -> Refusal:
    pointer = f"{field_name}/name" if error.pointer == "/name" else field_name
    return Refusal(pointer, error.code, error.parameters)
