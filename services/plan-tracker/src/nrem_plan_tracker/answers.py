"""From the domain's refusals to problems in the reader's language, and running one command."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from fastapi import Request

from nrem_plan_tracker.guarding import guard
from nrem_plan_tracker.refusals import Refusal, Refused
from nrem_plan_tracker.sources import store as sources
from nrem_shared.runtime.problems import FieldError, Problem
from nrem_shared.runtime.reading import HEADER as AFTER
from nrem_shared.runtime.reading import follows
from nrem_shared.runtime.requests import provenance, runtime_of
from nrem_shared.web.forms import FieldError as FormError
from nrem_shared.web.rendering import translator_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping

    from fastapi import Response

    from nrem_shared.runtime.journal import Writing

T = TypeVar("T")
_STATUS = {"invalid": (422, "invalid"), "conflict": (409, "conflict"), "unknown": (404, "not-found")}


def problem_of(request: Request, refused: Refused) -> Problem:
    """All refusals, explained in the reader's language."""
    translate = translator_of(request)
    status, kind = _STATUS[refused.why]
    errors = tuple(
        FieldError(
            one.pointer,
            one.code,
            translate(f"refusal.{one.code}", **one.values),
            translate(f"refusal.{one.code}.hint") if translate.has(f"refusal.{one.code}.hint") else "",
        )
        for one in refused.refusals
    )
    detail = " ".join(filter(None, (errors[0].detail, errors[0].hint))) if errors else ""
    if refused.why == "invalid":
        detail = translate.count("plan_problem.errors", len(errors))
    return Problem(status, kind, translate(f"plan_problem.{refused.why}"), detail, errors)


def form_errors(refused: Refused, fields: Mapping[str, str] | None = None) -> list[FormError]:
    """Refusals at a form's fields: `fields` maps pointers, and what stands under them, to names; else `/text/lv` is the
    field `text_lv`."""
    return [FormError(_field(one, fields or {}), f"refusal.{one.code}", one.values) for one in refused.refusals]


def _field(refusal: Refusal, fields: Mapping[str, str]) -> str | None:
    above = [at for at in fields if refusal.pointer == at or refusal.pointer.startswith(at + "/")]
    if above:
        return fields[max(above, key=len)]
    return refusal.pointer.strip("/").replace("/", "_") or None


async def follow(request: Request) -> None:
    """Dependency of commands: wait for what the request says it follows (`Nrem-After`), as reads do.

    Raises the 503 problem where it does not arrive: to decide without it would decide on old knowledge.
    """
    if request.method not in ("GET", "HEAD") and not await follows(request):
        raise Problem.unavailable(translator_of(request)("plan_problem.behind"), 2)


async def await_institutions(request: Request, named: Collection[str]) -> None:
    """Institutions that were registered a moment ago may still be on their way: wait for them, but not for long."""
    runtime = runtime_of(request)
    async with runtime.pool.acquire() as conn:
        missing = set(named) - set(await sources.institutions(conn))
    if missing:
        await runtime.watch.reach({f"member/{code}": 1 for code in missing}, runtime.settings.read_wait_seconds)


async def command(
    request: Request, response: Response | None, work: Callable[[Writing], Awaitable[T]]
) -> tuple[T, str]:
    """Run one command in one transaction: its outcome, and what reads have to follow. Raises Problem."""
    try:
        async with runtime_of(request).journal.writing(provenance(request)) as writing:
            outcome = await work(writing)
            await guard(writing)
    except Refused as refused:
        raise problem_of(request, refused) from refused
    if response is not None and writing.after:
        response.headers[AFTER] = writing.after
    return outcome, writing.after


def explained(request: Request, refusals: Iterable[Refusal]) -> Problem:
    """The 422 problem for these refusals."""
    return problem_of(request, Refused("invalid", refusals))
