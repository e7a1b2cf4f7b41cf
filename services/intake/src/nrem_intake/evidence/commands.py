"""Keeping a file, and removing one for good: bytes first, then state and fact in one transaction."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from uuid import uuid4

from nrem_intake.evidence import store
from nrem_intake.evidence.domain import Evidence, File, checked
from nrem_intake.evidence.keeping import Folder
from nrem_intake.redactions.watching import watch_for
from nrem_intake.settings import IntakeSettings
from nrem_intake.submissions.catalogues import catalogues_of
from nrem_intake.submissions.domain.errors import Unacceptable
from nrem_intake.submissions.domain.fields import check_bilingual
from nrem_intake.submissions.domain.refusals import Findings, Refusal
from nrem_intake.submissions.domain.watch import STRICT, Watch
from nrem_intake.submissions.failures import Failed, Failure
from nrem_intake.submissions.streams import load_streams
from nrem_shared.contracts.operations import EvidenceRemoved
from nrem_shared.runtime.journal import Fact

if TYPE_CHECKING:
    from nrem_shared.contracts.base import LocalizedText
    from nrem_shared.runtime.journal import Provenance
    from nrem_shared.runtime.service import Runtime


def limit_of(runtime: Runtime) -> int:
    """The largest file, in bytes."""
    return _settings(runtime).evidence_limit


def megabytes_of(runtime: Runtime) -> int:
    """The largest file, in whole megabytes; 0 where this installation takes none."""
    settings = _settings(runtime)
    return max(1, settings.evidence_limit // (1024 * 1024)) if settings.evidence_dir else 0


def folder_of(runtime: Runtime) -> Folder:
    """Where files are kept. Raises Failed where this installation has no place for them."""
    path = _settings(runtime).evidence_dir
    if path is None:
        raise Failed(Failure(0, "conflict", (Refusal("", "no_place_for_files"),)))
    return Folder(path)


def _settings(runtime: Runtime) -> IntakeSettings:
    if not isinstance(runtime.settings, IntakeSettings):
        raise TypeError("files are kept by intake")
    return runtime.settings


async def keep(
    runtime: Runtime, period: str, member: str, name: str, content: bytes, provenance: Provenance
) -> Evidence:
    """Check a file and keep it; the same bytes again are the same file. Raises Failed.

    No fact: what a report refers to is told by the report.
    """
    folder, catalogues = folder_of(runtime), catalogues_of(runtime)
    async with runtime.pool.acquire() as conn:
        found = (await load_streams(conn, catalogues, [(period, member)])).get((period, member))
        if found is None or not found.owed:
            raise Failed(Failure(0, "unknown", (Refusal("", "unknown_submission"),)))
        try:
            watch = await watch_for(conn, found.in_force.catalogue, period, member)
            file = await asyncio.to_thread(checked, name, content, limit_of(runtime), watch)
        except Unacceptable as error:
            raise Failed(Failure(0, "refused", error.errors)) from error
        before = await store.same_content(conn, period, member, file.sha256)
        if before is not None:
            return before
        await asyncio.to_thread(folder.put, file.sha256, file.content)
        kept = _evidence(file, period, member, runtime)
        await store.insert(conn, kept, provenance.actor)
    return kept


def _evidence(file: File, period: str, member: str, runtime: Runtime) -> Evidence:
    return Evidence(
        id=uuid4(),
        period=period,
        member=member,
        sha256=file.sha256,
        size=len(file.content),
        media_type=file.media_type,
        name=file.name,
        uploaded_at=runtime.clock.now(),
    )


async def _watch(runtime: Runtime, one: Evidence) -> Watch:
    key = (one.period, one.member)
    async with runtime.pool.acquire() as conn:
        known = (await load_streams(conn, catalogues_of(runtime), [key])).get(key)
        return await watch_for(conn, known.in_force.catalogue, *key) if known else STRICT


async def remove(runtime: Runtime, one: Evidence, reason: LocalizedText, provenance: Provenance) -> str:
    """Delete the bytes wherever they are referred to; what reports say of them stays. Returns what reads follow.

    Raises Failed for a reason that says personal data.
    """
    found = Findings(await _watch(runtime, one))
    check_bilingual(found, "/reason", reason.model_dump())
    if found:
        raise Failed(Failure(0, "refused", found.sorted()))
    folder = folder_of(runtime)
    async with runtime.journal.writing(provenance) as writing:
        files = await store.remove(writing.conn, one.sha256, reason.model_dump(mode="json"), writing.now)
        if files:
            data = EvidenceRemoved(
                period=one.period, member=one.member, sha256=one.sha256, files=files, reason=reason.lv
            )
            writing.record(Fact("nrem.evidence.removed.v1", f"evidence/{one.id}", 1, data))
    await asyncio.to_thread(folder.remove, one.sha256)
    return writing.after
