"""`nrem submit`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import uuid4

import typer

from nrem_embedded.cli.options import DEFAULT_STATE, State
from nrem_embedded.cli.outcome import finish, out

if TYPE_CHECKING:
    import httpx

    from nrem_embedded.cli.access import Access
    from nrem_embedded.documents import Document
    from nrem_embedded.institutions import Institutions

_UNPROCESSABLE = 422
_PERIOD = re.compile(r"^\d{4}-Q[1-4]$")
_MEMBER = re.compile(r"^[a-z][a-z0-9_]{0,15}$")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("submit")(submit)


def submit(
    file: Annotated[Path, typer.Argument(help="One submission, YAML or JSON.", dir_okay=False)],
    period: Annotated[str | None, typer.Option(help="The quarter, such as 2026-Q3; else the file's `period`.")] = None,
    member: Annotated[str | None, typer.Option(help="The institution, such as vp; else the file's `member`.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Only say whether it would be accepted as it stands.")] = False,
    state: State = DEFAULT_STATE,
) -> None:
    """Submit one institution's quarter, with that institution's own key.

    The file holds the content, and `period` and `member` unless they are given. Whatever is wrong is shown at once,
    each fault with its line.

    Examples:

        nrem submit my-quarter.yaml --check

        nrem submit my-quarter.yaml --period 2026-Q3 --member vp
    """

    async def work() -> int:
        from nrem_embedded.cli.access import find

        return await _submit(find(state), file, period, member, check)

    finish(work())


async def _submit(access: Access, file: Path, period: str | None, member: str | None, check: bool) -> int:
    from nrem_embedded.documents import BadDocument, read_document

    document = read_document(file)
    if not isinstance(document.content, dict):
        raise BadDocument(document.fault("", "this is no submission: it must have fields such as `observations`"))
    period = _named(document, "period", period, _PERIOD, "a quarter such as 2026-Q3")
    member = _named(document, "member", member, _MEMBER, "an institution's code such as vp")
    access.key_of(member)
    content = {name: value for name, value in document.content.items() if name not in ("period", "member")}
    async with access.speaking() as institutions:
        path = f"/intake/api/periods/{period}/submissions/{member}"
        if check:
            response = await institutions.ask(member, "POST", f"/intake/api/validate/{period}/{member}", json=content)
        else:
            headers = {"idempotency-key": f"nrem-submit/{uuid4()}", **await _seen(institutions, member, path)}
            response = await institutions.ask(member, "POST", path, json=content, headers=headers)
    _refused(document, response)
    if check:
        out().print(f"{file}: valid for {member}, {period}")
    else:
        _tell(response.json())
    return 0


def _named(document: Document, name: str, given: str | None, pattern: re.Pattern[str], what: str) -> str:
    from nrem_embedded.documents import BadDocument

    value = given if given is not None else document.content.get(name)
    if value is None:
        raise BadDocument(document.fault("", f"`{name}` is missing: put it into the file, or give --{name}"))
    if not isinstance(value, str) or not pattern.match(value):
        raise BadDocument(document.fault(f"/{name}", f"`{name}` is {value!r}; it must be {what}"))
    return value


async def _seen(institutions: Institutions, member: str, path: str) -> dict[str, str]:
    response = await institutions.ask(member, "GET", path)
    return {"if-match": response.headers["etag"]} if response.is_success else {}


def _refused(document: Document, response: httpx.Response) -> None:
    """Raise BadDocument with the line of each error; ApiError for anything else than success."""
    from nrem_embedded.documents import BadDocument
    from nrem_embedded.institutions import ApiError

    if response.status_code == _UNPROCESSABLE:
        faults = [document.fault(_inside(each), _reason(each)) for each in response.json().get("errors", ())]
        if faults:
            raise BadDocument(*sorted(faults, key=lambda fault: fault.line))
    if not response.is_success:
        raise ApiError(response)


def _inside(error: dict[str, Any]) -> str:
    return str(error["pointer"]) if str(error["pointer"]).startswith("/") else ""


def _reason(error: dict[str, Any]) -> str:
    hint = f" ({error['hint']})" if error.get("hint") else ""
    return f"{error['pointer']}: {error['detail']}{hint} [{error['code']}]"


def _tell(answer: dict[str, Any]) -> None:
    late = ", late" if answer.get("late") else ""
    out().print(
        f"{answer['member']}, {answer['period']}: version {answer['version']} {answer['state']}{late}"
        f" (due {answer['due']}); it waits for the coordinator's decision"
    )
