"""Releasing a quarter: what one snapshot held, checked, compared with the release before, and journalled."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import Request

from nrem_shared.runtime.journal import Fact
from nrem_shared.runtime.journal import store as journal
from nrem_shared.runtime.problems import FieldError, Problem
from nrem_shared.runtime.requests import provenance, runtime_of
from nrem_shared.web.rendering import translator_of
from nrem_statistics.releases import store
from nrem_statistics.releases.domain import Obstacle, Unchanged, released
from nrem_statistics.releases.reading import read_draft
from nrem_statistics.releases.store import ReleaseRow

FIGURES_RELEASED = "nrem.figures.released.v1"


async def release(request: Request, period: str) -> tuple[ReleaseRow, str]:
    """Freeze the figures known now: the release, and what reads have to follow. Raises Problem with every reason."""
    prepared = await read_draft(request, period)
    if prepared.obstacles:
        raise refused(request, prepared.obstacles)
    async with runtime_of(request).journal.writing(provenance(request)) as writing:
        held = await store.releases_of(writing.conn, period)
        head = await journal.read_head(writing.conn)
        if head is None:
            raise LookupError("the journal has no head: run migrate")
        try:
            document = released(prepared, held[0].document if held else None, head["position"], head["hash"].hex())
        except Unchanged as unchanged:
            raise refused(request, [Obstacle("release_unchanged", {"version": unchanged.version})]) from unchanged
        await store.insert(writing.conn, writing.now, document)
        stream = f"release/{period}"
        revision = await journal.revision_of(writing.conn, stream) + 1  # a redaction is a revision, and no version
        writing.record(Fact(FIGURES_RELEASED, stream, revision, document))
    return ReleaseRow(writing.now, document), writing.after


def refused(request: Request, obstacles: Sequence[Obstacle]) -> Problem:
    """The 409 problem with every reason, in the reader's language."""
    errors = tuple(FieldError("", one.code, *_explained(request, one)) for one in obstacles)
    detail = " ".join(one.detail for one in errors)
    return Problem(409, "conflict", translator_of(request)("release.refused"), detail, errors)


def _explained(request: Request, one: Obstacle) -> tuple[str, str]:
    _ = translator_of(request)
    return _(f"refusal.{one.code}", **one.values), _(f"refusal_hint.{one.code}")
