"""JSON routes of keys and tokens."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from nrem_intake.identity.keys import commands as keys
from nrem_intake.identity.keys import store
from nrem_intake.identity.secrets import keyed_hash
from nrem_intake.members import store as members_store
from nrem_shared.runtime.identity.authorisation import current_principal
from nrem_shared.runtime.identity.tokens import LIFETIME
from nrem_shared.runtime.problems import Problem, problems
from nrem_shared.runtime.reading import HEADER as AFTER
from nrem_shared.runtime.requests import provenance, runtime_of

if TYPE_CHECKING:
    import asyncpg

    from nrem_shared.runtime.journal import Writing

router = APIRouter(tags=["identity"])

Role = Literal["member", "officer", "observer", "coordinator", "secretariat", "operator", "reader"]


class KeyToIssue(BaseModel):
    """What the key's holder may do."""

    roles: Annotated[list[Role], Field(min_length=1, max_length=5)] = ["member"]


class KeyIssued(BaseModel):
    """A new key. `secret` is shown this once."""

    id: UUID
    member: str
    roles: list[str]
    secret: str


class Key(BaseModel):
    """A key as it is listed: without its secret."""

    id: UUID
    roles: list[str]
    issued_at: datetime
    revoked_at: datetime | None
    ends_at: datetime | None
    replaces: UUID | None


class Rotation(BaseModel):
    """How long the old key is good beside the new one."""

    overlap_days: Annotated[int, Field(strict=True, ge=0, le=90)] = 14


class KeyRotated(KeyIssued):
    """The new key, and when the one before ends."""

    replaces: UUID
    replaced_until: datetime


class Token(BaseModel):
    """A bearer token (RFC 6749, 5.1); `expires_in` in seconds."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 (the word of RFC 6750)
    expires_in: int


class TokenRefused(BaseModel):
    """Why there is no token (RFC 6749, 5.2)."""

    error: str
    error_description: str | None = None


def _credentials(request: Request, client_id: str | None, client_secret: str | None) -> tuple[str, str]:
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            user, _, password = base64.b64decode(value, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return "", ""
        return user, password
    return client_id or "", client_secret or ""


@router.post(
    "/api/oauth/token",
    summary="A token for an institution's key",
    response_model=Token,
    responses={
        400: {"description": "Unsupported grant type", "model": TokenRefused},
        401: {"description": "Unknown institution or key", "model": TokenRefused},
    },
)
async def token(
    request: Request,
    grant_type: Annotated[str, Form(max_length=40)] = "client_credentials",
    client_id: Annotated[str | None, Form(max_length=40)] = None,
    client_secret: Annotated[str | None, Form(max_length=200)] = None,
) -> Response:
    """OAuth 2.0 client credentials (RFC 6749, 4.4): the institution's code and its key, by Basic or in the form."""
    if grant_type != "client_credentials":
        return JSONResponse({"error": "unsupported_grant_type"}, 400)
    member, secret = _credentials(request, client_id, client_secret)
    runtime = runtime_of(request)
    hashed = keyed_hash(keys.settings_of(runtime).key_pepper.get_secret_value(), secret)
    async with runtime.pool.acquire() as conn:
        found = await store.active_key(conn, member, hashed, runtime.clock.now())
    if found is None:
        runtime.metrics.sign_ins.labels("key", "refused").inc()
        text = "the institution or its key is not known, or the key was revoked"
        body = {"error": "invalid_client", "error_description": text}
        return JSONResponse(body, 401, {"WWW-Authenticate": 'Basic realm="nrem"'})
    runtime.metrics.sign_ins.labels("key", "granted").inc()
    signed = request.app.state.issuer.issue(
        subject=f"institution:{member}/key:{found['id']}",
        roles=frozenset(found["roles"]),
        member=member,
        display=found["display"],
        language=found["language"],
        key=str(found["id"]),
    )
    answer = Token(access_token=signed, expires_in=int(LIFETIME.total_seconds()))
    return JSONResponse(answer.model_dump(), 200, {"Cache-Control": "no-store"})


@router.get("/.well-known/jwks.json", summary="Public keys of the tokens (RFC 7517)")
async def jwks(request: Request) -> dict[str, Any]:
    """The key that signs now."""
    return {"keys": [request.app.state.issuer.public_jwk]}


@router.post("/api/members/{code}/keys", status_code=201, summary="Issue a key", responses=problems(403, 404))
async def issue(request: Request, response: Response, code: str, given: KeyToIssue) -> KeyIssued:
    """A new key for an institution's machine; older ones stay valid until they are revoked."""
    runtime = runtime_of(request)
    async with runtime.journal.writing(provenance(request)) as writing:
        if await members_store.institution(writing.conn, code) is None:
            raise Problem.not_found(f"There is no institution {code}.")
        key, secret = await keys.issue_key(writing, keys.settings_of(runtime), code, given.roles)
    response.headers[AFTER] = writing.after
    response.headers["Cache-Control"] = "no-store"
    return KeyIssued(id=key, member=code, roles=list(given.roles), secret=secret)


@router.get("/api/members/{code}/keys", summary="An institution's keys, without their secrets", responses=problems(404))
async def list_keys(request: Request, code: str) -> list[Key]:
    """Newest first; one's own, or all by the coordinator."""
    if not current_principal(request).owns(code):
        raise Problem.not_found(f"There is no institution {code} of yours.")
    async with runtime_of(request).pool.acquire() as conn:
        return [Key(**dict(row)) for row in await store.keys_of(conn, code)]


@router.post("/api/keys/{id}/rotation", status_code=201, summary="Issue the next key", responses=problems(403, 404))
async def rotate(request: Request, response: Response, id: UUID, given: Rotation) -> KeyRotated:
    """A second key with the same roles; the first one stays good for the overlap, so that nothing stands still."""
    runtime = runtime_of(request)
    async with runtime.journal.writing(provenance(request)) as writing:
        old = await _own_and_active(request, writing, id)
        key, secret, ends_at = await keys.rotate_key(
            writing, keys.settings_of(runtime), old, timedelta(days=given.overlap_days)
        )
    response.headers[AFTER] = writing.after
    response.headers["Cache-Control"] = "no-store"
    return KeyRotated(
        id=key, member=old["member"], roles=old["roles"], secret=secret, replaces=id, replaced_until=ends_at
    )


async def _own_and_active(request: Request, writing: Writing, id: UUID) -> asyncpg.Record:
    principal, key = current_principal(request), await store.key(writing.conn, id)
    if key is not None and (principal.has("coordinator") or key["member"] == principal.member):
        active = key["revoked_at"] is None and (key["ends_at"] is None or key["ends_at"] > writing.now)
        if active:
            return key
    raise Problem.not_found("There is no such key, or it was revoked before.")


@router.delete("/api/keys/{id}", status_code=204, summary="Revoke a key", responses=problems(404))
async def revoke(request: Request, response: Response, id: UUID) -> None:
    """Takes effect in every service within seconds, also for tokens that are out."""
    async with runtime_of(request).journal.writing(provenance(request)) as writing:
        principal, known = current_principal(request), await store.key(writing.conn, id)
        own = known is not None and (principal.has("coordinator") or known["member"] == principal.member)
        if not own or not await keys.revoke_key(writing, id):
            raise Problem.not_found("There is no such key, or it was revoked before.")
    response.headers[AFTER] = writing.after
