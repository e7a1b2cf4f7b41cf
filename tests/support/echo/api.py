"""Commands and reads of the echo."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from nrem_shared.contracts.base import LocalizedText
from nrem_shared.contracts.members import InstitutionRegistered
from nrem_shared.runtime.idempotency import Answer, answered, remember, request_key
from nrem_shared.runtime.identity.authorisation import current_principal
from nrem_shared.runtime.journal import Fact
from nrem_shared.runtime.problems import Problem
from nrem_shared.runtime.requests import provenance, runtime_of
from support.echo import store

router = APIRouter()


class Label(BaseModel):
    """What is asked for."""

    code: str = Field(pattern="^[a-z]{1,10}$")
    label: str = Field(min_length=1, max_length=20)


def registered(code: str, label: str) -> InstitutionRegistered:
    """The fact that carries a label."""
    return InstitutionRegistered(code=code, abbreviation=label, name=LocalizedText(lv=label), kind="ngo")


def label_fact(code: str, revision: int, label: str) -> Fact:
    """The fact that a stream's label was set."""
    return Fact("nrem.institution.registered.v1", f"member/{code}", revision, registered(code, label))


@router.post("/api/labels", status_code=201)
async def set_label(request: Request, asked: Label) -> Response:
    runtime = runtime_of(request)
    key = await request_key(request)
    async with runtime.journal.writing(provenance(request), [key.name] if key else ()) as writing:
        before = answered(writing, key)
        if before:
            return before
        revision = await store.set_label(writing.conn, asked.code, asked.label)
        fact = Fact(
            "nrem.institution.registered.v1", f"member/{asked.code}", revision, registered(asked.code, asked.label)
        )
        writing.record(fact)
        answer = Answer(201, asked.model_dump_json(), {"Nrem-After": writing.after, "ETag": f'"{revision}"'})
        remember(writing, key, answer)
    return answer.response()


@router.get("/api/labels/{code}")
async def read_label(request: Request, code: str) -> dict[str, object]:
    async with runtime_of(request).pool.acquire() as conn:
        found = await store.current(conn, f"member/{code}")
    if found is None:
        raise Problem.not_found("No such label.")
    return {"label": found["label"], "revision": found["revision"], "stale": request.state.stale}


@router.get("/api/mine")
async def mine(request: Request) -> dict[str, str]:
    return {"subject": current_principal(request).subject}


@router.post("/api/mine")
async def change_mine(request: Request) -> dict[str, str]:
    return {"subject": current_principal(request).subject}


@router.get("/api/broken")
async def broken() -> None:
    raise RuntimeError("a secret of the inside")
