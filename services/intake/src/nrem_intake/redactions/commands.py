"""Redacting, and letting a text pass: load what it depends on, decide (pure), write state and facts together."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from nrem_intake.discussions import store as discussions
from nrem_intake.redactions import domain, store
from nrem_intake.redactions.domain import Passed
from nrem_intake.redactions.watching import watch_for
from nrem_intake.submissions.domain.errors import NotAllowed, Unacceptable
from nrem_intake.submissions.domain.refusals import Refusal
from nrem_intake.submissions.domain.watch import STRICT, LetPass, Watch
from nrem_intake.submissions.failures import Failed, Failure
from nrem_intake.submissions.streams import load_streams
from nrem_shared.contracts.operations import FactRedacted
from nrem_shared.contracts.registry import EVENT_TYPES
from nrem_shared.runtime.journal import Fact
from nrem_shared.runtime.journal import store as journal
from nrem_shared.runtime.journal.redacting import MARKS, redact_texts, without
from nrem_shared.runtime.redactions import store as shared_store

if TYPE_CHECKING:
    from nrem_intake.submissions.catalogues import Catalogues
    from nrem_shared.contracts.base import LocalizedText
    from nrem_shared.runtime.database import Connection
    from nrem_shared.runtime.journal import Writing


@dataclass(frozen=True, slots=True)
class Redacted:
    """What was done: how many texts, facts whose payload and salt are gone, versions that say less now."""

    period: str
    member: str
    texts: int
    facts: int
    versions: int


@dataclass(frozen=True, slots=True)
class ToRedact:
    """Which texts of which member, for which reason."""

    period: str
    member: str
    texts: dict[str, str | None]
    reason: LocalizedText


async def in_version(
    conn: Connection,
    catalogues: Catalogues,
    period: str,
    member: str,
    version: int,
    places: Sequence[str],
    reason: LocalizedText,
) -> ToRedact:
    """The texts at places of a version (`/content/challenges/0/text`). Raises Failed."""
    found = (await load_streams(conn, catalogues, [(period, member)], contents=True)).get((period, member))
    if not places:
        raise Failed(Failure(0, "refused", (Refusal("/places", "places_missing"),)))
    try:
        if found is None:
            raise NotAllowed("unknown_version", version=str(version))
        document = domain.document_of(found.stream.version(version), await discussions.remarks(conn, period, member))
        watch = await watch_for(conn, found.in_force.catalogue, period, member)
        return ToRedact(period, member, domain.texts_at(document, places, reason, _code(), watch), reason)
    except NotAllowed as error:
        raise Failed(Failure(0, "unknown", (Refusal("", error.code, error.parameters),))) from error
    except Unacceptable as error:
        raise Failed(Failure(0, "refused", error.errors)) from error


async def at_position(
    conn: Connection, catalogues: Catalogues, position: int, places: Sequence[str], reason: LocalizedText
) -> ToRedact:
    """The texts at places of the fact at a journal position (no places = all of it). Raises Failed."""
    row = await shared_store.fact_at(conn, position)
    if row is None or row["payload"] is None:
        code = "no_such_position" if row is None else "redacted_already"
        raise Failed(Failure(0, "refused", (Refusal("/position", code, {"position": str(position)}),)))
    document = json.loads(row["payload"])
    told_again = EVENT_TYPES[row["type"]].model is FactRedacted
    try:
        period, member = domain.stream_of(row["subject"])
        known = (await load_streams(conn, catalogues, [(period, member)])).get((period, member))
        watch = await watch_for(conn, known.in_force.catalogue, period, member) if known else STRICT
        texts = domain.texts_at(document["data"] if told_again else document, places, reason, _code(), watch)
    except NotAllowed as error:
        raise Failed(Failure(0, "conflict", (Refusal("", error.code, error.parameters),))) from error
    except Unacceptable as error:
        raise Failed(Failure(0, "refused", error.errors)) from error
    return ToRedact(period, member, texts, reason)


def _code() -> str:
    """What a code becomes; nobody had it before."""
    return f"dzests-{uuid4().hex[:8]}"


async def redact(writing: Writing, wanted: ToRedact) -> Redacted:
    """Take the texts out of everything that the member ever wrote here: journal, versions, drafts, remarks, answers."""
    conn, member = writing.conn, wanted.member
    escaped = member.replace("_", r"\_")
    rows = await journal.of_streams(conn, [f"{kind}/%/{escaped}" for kind in domain.STREAMS])
    revisions = await redact_texts(writing, rows, wanted.texts, wanted.reason.lv)
    versions = await _clean_versions(conn, member, wanted.texts)
    await _clean_beside(conn, member, wanted.texts)
    await store.set_revisions(conn, list(revisions), list(revisions.values()), writing.now)
    return Redacted(wanted.period, member, len(wanted.texts), len(writing.facts), versions)


async def count(conn: Connection, wanted: ToRedact) -> Redacted:
    """What a redaction would do; nothing is done."""
    escaped = wanted.member.replace("_", r"\_")
    rows = await journal.of_streams(conn, [f"{kind}/%/{escaped}" for kind in domain.STREAMS])
    facts = sum(bool(without(json.loads(row["payload"]), wanted.texts)[1]) for row in rows)
    versions = sum(
        bool(without({name: row[name] for name in _WRITTEN}, wanted.texts)[1])
        for row in await store.versions(conn, wanted.member)
    )
    return Redacted(wanted.period, wanted.member, len(wanted.texts), facts, versions)


_WRITTEN = ("content", "corrected_figures", "reasons", "authors")


async def _clean_versions(conn: Connection, member: str, texts: dict[str, str | None]) -> int:
    changed = 0
    for row in await store.versions(conn, member):
        cleaned, places = without({name: row[name] for name in _WRITTEN}, texts)
        if places:
            await store.replace_version(conn, member, row, *(cleaned[name] for name in _WRITTEN))
            changed += 1
    return changed


async def _clean_beside(conn: Connection, member: str, texts: dict[str, str | None]) -> None:
    """What is no version: reasons of extensions, drafts, remarks, names of files, answers kept for repetitions."""
    names = ("reason", "asked_reason", "refused_reason")
    for row in await store.extensions(conn, member):
        cleaned, places = without({name: row[name] for name in names}, texts)
        if places:
            await store.replace_extension(conn, member, row["period"], *(cleaned[name] for name in names))
    for row in await store.drafts(conn, member):
        put_aside = [one["document"] for one in row["aside"]]
        written = {"document": row["document"], "note": row["note"], "aside": put_aside}
        cleaned, places = without(written, texts)
        if places:
            documents = zip(row["aside"], cleaned["aside"], strict=True)
            aside = [{**one, "document": document} for one, document in documents]
            await store.replace_draft(conn, member, row["period"], cleaned["document"], cleaned["note"], aside)
    for row in await store.remarks(conn, member):
        cleaned, places = without({"text": row["text"]}, texts)
        if places:
            await store.replace_remark(conn, member, row["period"], row["number"], cleaned["text"])
    await store.rename_evidence(conn, member, list(texts), MARKS["lv"])
    await shared_store.forget_answers(conn, [json.dumps(text, ensure_ascii=False)[1:-1] for text in texts])


async def let_pass(
    writing: Writing, catalogues: Catalogues, period: str, member: str, text: str, reason: LocalizedText
) -> Passed:
    """Let a text pass in the submissions of one member for one period. Raises Failed."""
    found = (await load_streams(writing.conn, catalogues, [(period, member)])).get((period, member))
    if found is None or not found.owed:
        raise Failed(Failure(0, "unknown", (Refusal("", "unknown_submission"),)))
    try:
        kinds = domain.let_pass(text, reason, Watch(found.in_force.catalogue.allowed))
    except Unacceptable as error:
        raise Failed(Failure(0, "refused", error.errors)) from error
    mark = LetPass.of(text, os.urandom(16))
    passed = Passed(uuid4(), period, member, kinds, mark, reason, writing.provenance.actor)
    await store.save_pass(writing.conn, passed, writing.now)
    fact: Any = domain.fact_of(passed, len(text))
    writing.record(Fact("nrem.text.let-pass.v1", f"text-pass/{passed.id}", 1, fact))
    return passed
