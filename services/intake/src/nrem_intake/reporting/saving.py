"""Saving a section, whatever was typed in it, with the files that were chosen; then going where the button says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import JSONResponse

from nrem_intake.reporting import attaching, commands
from nrem_intake.reporting.access import office_in_words, office_of
from nrem_intake.reporting.attaching import Attached
from nrem_intake.reporting.domain import draft as drafts
from nrem_intake.reporting.domain.checking import completed, of_section
from nrem_intake.reporting.domain.draft import Changed, Draft, Locked
from nrem_intake.reporting.domain.entries import read, without, written
from nrem_intake.reporting.domain.navigation import next_section
from nrem_intake.reporting.reading import Report, errors_of, load_report
from nrem_intake.reporting.rendering import section_page
from nrem_intake.submissions.asking import Member, Period
from nrem_intake.submissions.authorship import not_found
from nrem_intake.submissions.bodies import LARGEST_FORM, LARGEST_WITH_FILES, bounded
from nrem_intake.submissions.catalogues import catalogues_of
from nrem_shared.contracts.submissions import SECTIONS
from nrem_shared.runtime.identity.authorisation import current_principal
from nrem_shared.runtime.problems import Problem
from nrem_shared.runtime.reading import see_other
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.rendering import translator_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.datastructures import FormData

    from nrem_intake.submissions.domain.refusals import Refusal

_PATH = "/periods/{period}/submissions/{member}/report/sections"

#: Statistics alone may have 2,000 lines.
_MOST_FIELDS = 40_000
_MOST_FILES = 50

Section = Annotated[str, Path(pattern=f"^({'|'.join(SECTIONS)})$")]

router = APIRouter(include_in_schema=False, route_class=bounded(LARGEST_FORM))
#: Comes before `router`: the section that files belong to may be larger.
files_router = APIRouter(include_in_schema=False, route_class=bounded(LARGEST_FORM, with_files=LARGEST_WITH_FILES))


@files_router.post(f"{_PATH}/{attaching.SECTION}")
async def save_with_files(request: Request, period: Period, member: Member) -> Response:
    """Save the section that files belong to: those that were chosen are kept, whatever else is wrong."""
    async with request.form(max_fields=_MOST_FIELDS, max_files=_MOST_FILES) as form:
        report = await _fillable(request, period, member, attaching.SECTION)
        files = await attaching.attached(request, period, member, form)
        return await _save(request, report, attaching.SECTION, form, files)


@router.post(f"{_PATH}/{{section}}")
async def save(request: Request, period: Period, member: Member, section: Section) -> Response:
    """Save what was typed, whatever it is; then go where the button says. A script saves with `do=autosave`."""
    async with request.form(max_fields=_MOST_FIELDS) as form:
        report = await _fillable(request, period, member, section)
        return await _save(request, report, section, form, Attached(attaching.plain_fields(form)))


async def _save(request: Request, report: Report, section: str, form: FormData, files: Attached) -> Response:
    asked = str(form.get("do", "continue"))
    fields = without(files.fields, asked.removeprefix("remove:")) if asked.startswith("remove:") else files.fields
    items = completed(read(section, fields), report.setting.catalogue)
    refused = attaching.taken_out(items, files.refused)
    try:
        seen = int(str(form.get("revision", "0")))
        report = await _saved(request, report, section, items, seen, finished=asked == "continue" and not refused)
    except ValueError as error:
        raise Problem.malformed("revision is no number.") from error
    except (Changed, Locked) as error:
        return await _not_saved(request, report, section, items, error, quietly=asked == "autosave")
    if asked == "autosave":
        return JSONResponse(_said(request, report, section))
    return await _onward(request, report, section, asked, str(form.get("type", "")), refused, form.getlist("unusual"))


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


async def _onward(
    request: Request,
    report: Report,
    section: str,
    asked: str,
    kind: str,
    refused: Sequence[Refusal],
    said: Sequence[Any],
) -> Response:
    """Where the button says, or the section again with what is wrong; what is only unusual is `said` once."""
    here = f"{report.path}/report"
    at = f"{here}/sections/{section}"
    if not refused and asked != "continue":
        return see_other(_place(here, at, asked, kind))
    errors = list(refused)
    if asked == "continue":
        async with runtime_of(request).pool.acquire() as conn:
            errors += attaching.without_repeats(await errors_of(request, conn, report), refused)
    unusual = report.unexplained if section == "observations" and asked == "continue" else ()
    if of_section(errors, section) or any(each.name not in said for each in unusual):
        return section_page(request, report, section, [*errors, *(each.told for each in unusual)], status=422)
    following = next_section(section, report.access.sections)
    if following is None:
        return see_other(f"{here}/check" if report.access.whole else here)
    return see_other(f"{here}/sections/{following}")


def _place(here: str, at: str, asked: str, kind: str) -> str:
    """Where a button leads that does not ask whether all is well."""
    if asked == "add":
        return f"{at}?more={kind if kind.isidentifier() else 'one'}#new"
    if asked.startswith("more:"):
        return f"{at}#{asked.removeprefix('more:')}"
    if asked.startswith("remove:"):  # of a row: back to the rows that it was one of
        rows = asked.removeprefix("remove:").rpartition("/")[0]
        return f"{at}#{rows}" if rows.count("/") > 1 else at
    return here


async def _not_saved(
    request: Request, report: Report, section: str, items: list[dict[str, Any]], why: Changed | Locked, *, quietly: bool
) -> Response:
    """Somebody else saved the section, or it was handed over: what was typed is shown again, beside what there is."""
    async with runtime_of(request).pool.acquire() as conn:
        report = await load_report(request, conn, report.setting.period, report.setting.member)
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
