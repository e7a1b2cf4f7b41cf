"""What the form's buttons do: save a section, discard, have it back, submit, sign, send back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Form, Path, Request, Response
from fastapi.responses import JSONResponse

from nrem_intake.reporting import commands
from nrem_intake.reporting.access import office_in_words, office_of
from nrem_intake.reporting.domain import draft as drafts
from nrem_intake.reporting.domain.checking import completed, of_section
from nrem_intake.reporting.domain.draft import Changed, Draft, Locked
from nrem_intake.reporting.domain.entries import read, without, written
from nrem_intake.reporting.domain.navigation import next_section
from nrem_intake.reporting.reading import Report, errors_of, load_report
from nrem_intake.reporting.rendering import section_page
from nrem_intake.reporting.submitting import router as submitting_router
from nrem_intake.submissions.answers import invalid
from nrem_intake.submissions.asking import Member, Period
from nrem_intake.submissions.authorship import not_found
from nrem_intake.submissions.bodies import LARGEST_FORM, bounded
from nrem_intake.submissions.catalogues import catalogues_of
from nrem_intake.submissions.domain.refusals import Findings
from nrem_shared.contracts.submissions import SECTIONS
from nrem_shared.runtime.identity.authorisation import current_principal
from nrem_shared.runtime.problems import Problem
from nrem_shared.runtime.reading import see_other
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.rendering import translator_of

if TYPE_CHECKING:
    from collections.abc import Callable

router = APIRouter(include_in_schema=False, route_class=bounded(LARGEST_FORM))
router.include_router(submitting_router)

_PATH = "/periods/{period}/submissions/{member}/report"

#: Statistics alone may have 2,000 lines.
_MOST_FIELDS = 40_000

Section = Annotated[str, Path(pattern=f"^({'|'.join(SECTIONS)})$")]


@router.post(f"{_PATH}/sections/{{section}}")
async def save(request: Request, period: Period, member: Member, section: Section) -> Response:
    """Save what was typed, whatever it is; then go where the button says. A script saves with `do=autosave`."""
    form = await request.form(max_fields=_MOST_FIELDS)
    fields = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
    asked = str(form.get("do", "continue"))
    if asked.startswith("remove:"):
        fields = without(fields, asked.removeprefix("remove:"))
    report = await _fillable(request, period, member, section)
    items = completed(read(section, fields), report.setting.catalogue)
    try:
        seen = int(str(form.get("revision", "0")))
        report = await _saved(request, report, section, items, seen, finished=asked == "continue")
    except ValueError as error:
        raise Problem.malformed("revision is no number.") from error
    except (Changed, Locked) as error:
        return await _not_saved(request, period, member, section, items, error, quietly=asked == "autosave")
    if asked == "autosave":
        return JSONResponse(_said(request, report, section))
    return await _onward(request, report, section, asked, str(form.get("type", "")))


@router.post(f"{_PATH}/discard")
async def discard(request: Request, period: Period, member: Member) -> Response:
    """Put the draft away; it can be had back."""
    return await _changed(request, period, member, drafts.discard)


@router.post(f"{_PATH}/restore")
async def restore(request: Request, period: Period, member: Member) -> Response:
    """Have a discarded draft back."""
    return await _changed(request, period, member, drafts.restore)


@router.post(f"{_PATH}/send-back")
async def send_back(
    request: Request, period: Period, member: Member, note: Annotated[str, Form(max_length=4000)] = ""
) -> Response:
    """The officer does not sign, and says why; or those who prepared it take it back."""
    found = Findings()
    found.guard("/note", note)
    if found:
        raise invalid(request, found.sorted())
    return await _changed(request, period, member, lambda draft: drafts.send_back(draft, note.strip() or None))


async def _fillable(request: Request, period: str, member: str, section: str) -> Report:
    async with runtime_of(request).pool.acquire() as conn:
        report = await load_report(request, conn, period, member)
    if section not in report.access.sections:
        raise not_found(request)
    if not report.fillable:
        raise Problem.conflict(translator_of(request)("report.not_fillable"))
    return report


async def _saved(
    request: Request, report: Report, section: str, items: list[dict[str, Any]], seen: int, *, finished: bool
) -> Report:
    """The report after saving. Raises Changed, Locked."""
    runtime, by = runtime_of(request), office_of(current_principal(request))
    period, member, now = report.setting.period, report.setting.member, runtime.clock.now()

    def decide(draft: Draft) -> Draft:
        return drafts.save(draft, section, items, seen, by, now, finished=finished)

    await commands.fill(runtime.pool, catalogues_of(runtime), period, member, now, decide)
    async with runtime.pool.acquire() as conn:
        return await load_report(request, conn, period, member)


async def _onward(request: Request, report: Report, section: str, asked: str, kind: str) -> Response:
    here = f"{report.path}/report"
    at = f"{here}/sections/{section}"
    if asked == "add":
        return see_other(f"{at}?more={kind if kind.isidentifier() else 'one'}#new")
    if asked.startswith("more:"):
        return see_other(f"{at}#{asked.removeprefix('more:')}")
    if asked.startswith("remove:"):
        return see_other(at)
    if asked == "return":
        return see_other(here)
    async with runtime_of(request).pool.acquire() as conn:
        errors = await errors_of(request, conn, report)
    if of_section(errors, section):
        return section_page(request, report, section, errors, status=422)
    following = next_section(section, report.access.sections)
    if following is None:
        return see_other(f"{here}/check" if report.access.whole else here)
    return see_other(f"{here}/sections/{following}")


async def _not_saved(
    request: Request,
    period: str,
    member: str,
    section: str,
    items: list[dict[str, Any]],
    why: Changed | Locked,
    *,
    quietly: bool,
) -> Response:
    """Somebody else saved the section, or it was handed over: what was typed is shown again, beside what there is."""
    async with runtime_of(request).pool.acquire() as conn:
        report = await load_report(request, conn, period, member)
    translate = translator_of(request)
    if isinstance(why, Locked):
        if quietly:
            return JSONResponse({"said": translate("report.locked")}, status_code=409)
        raise Problem.conflict(translate("report.locked"))
    saved = report.draft.sections.get(section)
    if quietly:
        by = office_in_words(translate, saved.by) if saved else ""
        return JSONResponse({"said": translate("report.conflict", by=by)}, status_code=409)
    theirs, mine = (dict(written(section, each)) for each in (report.draft.items(section), items))
    differing = sorted(name for name in theirs.keys() | mine.keys() if theirs.get(name) != mine.get(name))
    conflict = {
        "saved": saved,
        "differing": [(name, theirs.get(name, ""), mine.get(name, "")) for name in differing[:50]],
    }
    return section_page(request, report, section, [], items=items, conflict=conflict, status=409)


def _said(request: Request, report: Report, section: str) -> dict[str, Any]:
    """What the script shows once it saved."""
    return {
        "revision": report.draft.section_revision(section),
        "said": translator_of(request)("report.saved_now"),
    }


async def _changed(request: Request, period: str, member: str, decide: Callable[[Draft], Draft]) -> Response:
    """A change of the draft's state, by those whose report it is; then the list of tasks."""
    runtime = runtime_of(request)
    async with runtime.pool.acquire() as conn:
        report = await load_report(request, conn, period, member)
    if not (report.access.whole or report.access.signs):
        raise not_found(request)
    try:
        await commands.change(runtime.pool, catalogues_of(runtime), period, member, runtime.clock.now(), decide)
    except Locked as error:
        raise Problem.conflict(translator_of(request)("report.state_changed")) from error
    return see_other(f"{report.path}/report")
