"""Everything administered as YAML: taken out, shown before it is taken in, taken in as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, File, Form, Request, Response, UploadFile
from fastapi.responses import HTMLResponse
from pydantic import BaseModel

from nrem_intake.administration.commands import ChangedMeanwhile, gather, preview, take_over
from nrem_intake.administration.domain.differences import Change, fingerprint
from nrem_intake.administration.domain.document import Document, Fault, Faulty, read, written
from nrem_intake.administration.forms import administration_at, current_of
from nrem_intake.submissions.bodies import LARGEST_BULK, bounded, json_body
from nrem_intake.submissions.uploads import Unreadable, parse, read_upload
from nrem_shared.runtime.problems import FieldError as ProblemError
from nrem_shared.runtime.problems import Problem, problems
from nrem_shared.runtime.reading import HEADER as AFTER
from nrem_shared.runtime.reading import see_other
from nrem_shared.runtime.requests import provenance, runtime_of
from nrem_shared.web.forms import FieldError
from nrem_shared.web.rendering import page, translator_of

if TYPE_CHECKING:
    from collections.abc import Sequence

router = APIRouter(include_in_schema=False, route_class=bounded(LARGEST_BULK))
api = APIRouter(tags=["administration"], route_class=bounded(LARGEST_BULK))

#: Faults shown on the page; the rest is counted.
_MOST_FAULTS = 100


class ChangeShown(BaseModel):
    """One thing that was taken over."""

    kind: str
    name: str
    what: Literal["new", "changed"]


@api.get("/api/administration", summary="Everything administered", response_model=Document)
async def export_json(request: Request) -> Document:
    """Members, contacts, reference data and periods, as an import takes them."""
    async with runtime_of(request).pool.acquire() as conn:
        return await gather(conn)


@api.post(
    "/api/administration",
    summary="Take a document over",
    responses=problems(400, 413),
    openapi_extra={"requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}},
)
async def import_json(request: Request, response: Response) -> list[ChangeShown]:
    """All of it or nothing, every error at once; what it does not name stays as it is."""
    translate = translator_of(request)
    try:
        document = read(await json_body(request))
        async with runtime_of(request).journal.writing(provenance(request)) as writing:
            found = await take_over(writing, document, None)
    except Faulty as faulty:
        told = [
            ProblemError(each.at, each.code, translate(f"administration.fault_{each.code}", value=each.value))
            for each in faulty.faults
        ]
        raise Problem.invalid(told) from faulty
    response.headers[AFTER] = writing.after[:4000]
    return [ChangeShown(kind=each.kind, name=each.name, what=each.what) for each in found]


@router.get("/administration/export")
async def export(request: Request) -> Response:
    """The document as a YAML file."""
    async with runtime_of(request).pool.acquire() as conn:
        text = written(await gather(conn))
    headers = {"content-disposition": 'attachment; filename="nrem.yaml"', "cache-control": "private, no-store"}
    return Response(text, media_type="application/yaml; charset=utf-8", headers=headers)


@router.get("/administration/transfer")
async def transfer(request: Request, done: Literal["", "taken"] = "") -> HTMLResponse:
    """Where a file is taken out or chosen."""
    return _page(request, done=done)


@router.post("/administration/transfer")
async def show_import(request: Request, document: Annotated[UploadFile | None, File()] = None) -> HTMLResponse:
    """What the file would change; nothing is kept yet."""
    if document is None or not document.filename:
        return _page(request, errors=[FieldError("document", "administration.fault_file", {})])
    try:
        return await _preview(request, read(await read_upload(document)))
    except Unreadable as error:
        told = FieldError("document", "administration.fault_unreadable", {"line": error.line or "?"})
        return _page(request, errors=[told])
    except Faulty as faulty:
        return _page(request, faults=faulty.faults)


@router.post("/administration/import")
async def take_in(
    request: Request,
    content: Annotated[str, Form(max_length=LARGEST_BULK)] = "",
    confirmed: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """Take it in as it was shown; where that has changed meanwhile, it is shown again."""
    runtime = runtime_of(request)
    try:
        document = read(parse(content.encode()))
    except (Unreadable, Faulty):  # not what a page of ours sends
        return _page(request, errors=[FieldError("document", "administration.fault_file", {})])
    try:
        async with runtime.journal.writing(provenance(request)) as writing:
            await take_over(writing, document, confirmed)
    except Faulty as faulty:
        return _page(request, faults=faulty.faults)
    except ChangedMeanwhile:
        return await _preview(request, document, again=True)
    return see_other(f"{administration_at(request)}/transfer?done=taken", secure=runtime.settings.secure_cookies)


async def _preview(request: Request, document: Document, *, again: bool = False) -> HTMLResponse:
    async with runtime_of(request).pool.acquire() as conn:
        found = await preview(conn, document)
    return _page(request, found=found, content=document.model_dump_json(), again=again)


def _page(
    request: Request,
    *,
    errors: Sequence[FieldError] = (),
    faults: Sequence[Fault] = (),
    found: tuple[Change, ...] | None = None,
    content: str = "",
    again: bool = False,
    done: str = "",
) -> HTMLResponse:
    summary: list[Any] = list(errors)
    if faults:
        summary.append(FieldError("document", "administration.fault_document", {"n": len(faults)}))
    status = 409 if again else (422 if summary else 200)
    return page(
        request,
        "intake/transfer.html",
        title="administration.transfer",
        status=status,
        errors=summary,
        faults=faults[:_MOST_FAULTS],
        more=max(len(faults) - _MOST_FAULTS, 0),
        found=found,
        confirmed=fingerprint(found) if found is not None else "",
        content=content,
        again=again,
        done=done,
        current=current_of(request),
        at=administration_at(request),
    )
