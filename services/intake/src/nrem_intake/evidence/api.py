"""JSON routes of evidence: send a file, list, download, remove for good."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, File, Request, Response, UploadFile
from pydantic import BaseModel, Field

from nrem_intake.evidence import commands, store
from nrem_intake.evidence.access import check_sender, visible
from nrem_intake.evidence.domain import Evidence
from nrem_intake.evidence.keeping import Lost
from nrem_intake.submissions.answers import problem_of
from nrem_intake.submissions.asking import Member, Period, count_failed
from nrem_intake.submissions.authorship import own_or_404
from nrem_intake.submissions.bodies import bounded
from nrem_intake.submissions.failures import Failed
from nrem_shared.contracts.base import LocalizedText
from nrem_shared.runtime.problems import Problem, problems
from nrem_shared.runtime.reading import HEADER as AFTER
from nrem_shared.runtime.requests import provenance, runtime_of
from nrem_shared.web.rendering import translator_of

#: A form with one file in it; the setting of the largest file lies below.
LARGEST_UPLOAD = 17 * 1024 * 1024

router = APIRouter(tags=["evidence"], route_class=bounded(LARGEST_UPLOAD))

#: What a browser is told of a download: it is a file, whatever its bytes look like, and may do nothing.
_INERT = {
    "x-content-type-options": "nosniff",
    "content-security-policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "private, no-store",
}


class EvidenceShown(BaseModel):
    """A file that is kept. `ref` is what a report's evidence refers to it by."""

    id: UUID
    ref: str = Field(examples=["file:3f0d6c1e-8a55-4a1b-9a47-5a3b6a1d3b22"])
    period: str
    member: str
    name: str
    media_type: str
    size: int = Field(description="Bytes")
    sha256: str
    uploaded_at: datetime
    removed_at: datetime | None


class ToRemove(BaseModel):
    """Why the file goes; the reason stays in the journal."""

    reason: LocalizedText


@router.get("/api/periods/{period}/evidence/{member}", summary="Files of evidence", responses=problems(401, 403, 404))
async def list_evidence(request: Request, period: Period, member: Member) -> list[EvidenceShown]:
    """Those of one member for one period, oldest first."""
    own_or_404(request, member)
    async with runtime_of(request).pool.acquire() as conn:
        return [shown(one) for one in await store.of_stream(conn, period, member)]


@router.post(
    "/api/periods/{period}/evidence/{member}",
    status_code=201,
    summary="Send a file of evidence",
    responses=problems(401, 403, 404, 409, 413),
)
async def send_evidence(
    request: Request, period: Period, member: Member, file: Annotated[UploadFile, File()]
) -> EvidenceShown:
    """PDF, PNG, JPEG, DOCX, XLSX, ODT or TXT, judged by its content. The same bytes again are the same file."""
    check_sender(request, member)
    runtime = runtime_of(request)
    try:
        content = await file.read(commands.limit_of(runtime) + 1)
        kept = await commands.keep(runtime, period, member, file.filename or "", content, provenance(request))
    except Failed as failed:
        count_failed(request, failed)
        raise problem_of(request, failed) from failed
    return shown(kept)


@router.get(
    "/api/evidence/{id}",
    summary="Download a file of evidence",
    response_class=Response,
    responses={
        200: {
            "description": "The bytes as they were sent, as a download",
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        },
        **problems(401, 403, 404, 410),
    },
)
async def download(request: Request, id: UUID) -> Response:
    """Always as a download, never shown by the browser as a page."""
    found = await visible(request, id)
    translate = translator_of(request)
    if found.removed_at is not None:
        raise Problem(410, "gone", translate("evidence.gone"), translate("evidence.gone_text"))
    try:
        folder = commands.folder_of(runtime_of(request))
        content = await asyncio.to_thread(folder.get, found.sha256)
    except Failed as failed:
        raise problem_of(request, failed) from failed
    except Lost as lost:
        raise Problem.unavailable(translate("evidence.lost"), 3600) from lost
    headers = {**_INERT, "content-disposition": f"attachment; filename*=UTF-8''{quote(found.name, safe='')}"}
    return Response(content, media_type="application/octet-stream", headers=headers)


@router.post("/api/evidence/{id}/remove", summary="Remove a file for good", responses=problems(401, 403, 404, 409))
async def remove(request: Request, response: Response, id: UUID, given: ToRemove) -> EvidenceShown:
    """Its bytes are deleted, also where other reports refer to the same bytes; their hash stays in the reports."""
    found = await visible(request, id)
    try:
        after = await commands.remove(runtime_of(request), found, given.reason, provenance(request))
    except Failed as failed:
        raise problem_of(request, failed) from failed
    if after:
        response.headers[AFTER] = after
    return shown(await visible(request, id))


def shown(one: Evidence) -> EvidenceShown:
    """A file as answers tell of it."""
    return EvidenceShown(
        id=one.id,
        ref=one.ref,
        period=one.period,
        member=one.member,
        name=one.name,
        media_type=one.media_type,
        size=one.size,
        sha256=one.sha256,
        uploaded_at=one.uploaded_at,
        removed_at=one.removed_at,
    )
