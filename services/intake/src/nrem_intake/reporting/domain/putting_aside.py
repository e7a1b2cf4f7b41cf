"""What was typed is never emptied silently: it is put aside, can be had back, and follows the submission it is for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from nrem_intake.reporting.domain.draft import Draft, Locked, PutAside, Saved, check_state, send_back
from nrem_shared.contracts.submissions import SECTIONS

#: So many are kept of one report; the oldest goes first.
MOST = 10


def put_aside(draft: Draft, now: datetime) -> Draft:
    """The draft without its content, which can be had back."""
    if draft.empty:
        return draft
    one = PutAside(draft.document, draft.sections, now, draft.revision)
    nothing: dict[str, Any] = {name: [] for name in SECTIONS}
    return replace(draft, document=nothing, sections={}, aside=(one, *draft.aside)[:MOST])


def anew(begun: Draft, discarded: Draft, at: datetime) -> Draft:
    """A draft to begin with, after another one was discarded at `at`: that one can be had back."""
    return replace(begun, aside=put_aside(discarded, at).aside)


def replaced(draft: Draft, document: Mapping[str, Any], stream_revision: int, by: str, now: datetime) -> Draft:
    """The document in the place of what was typed, which is put aside. Raises Locked.

    Sections that somebody still has open count as saved since: saving them shows both.
    """
    check_state(draft, "open")
    sections = {
        name: Saved(draft.section_revision(name) + 1, by, now, bool(document.get(name)))
        for name in SECTIONS
        if document.get(name) or name in draft.sections
    }
    kept = put_aside(draft, now) if draft.revision else draft
    return replace(kept, document=document, sections=sections, stream_revision=stream_revision)


def have_back(draft: Draft, place: int, stream_revision: int, now: datetime) -> Draft:
    """What was put aside, `place` 0 = last; what was typed since takes its place. Raises Locked where there is none.

    It follows the submission as it stands now, at `stream_revision`.
    """
    check_state(draft, "open")
    if place >= len(draft.aside):
        raise Locked(draft.state)
    one = draft.aside[place]
    others = replace(draft, aside=(*draft.aside[:place], *draft.aside[place + 1 :]))
    kept = put_aside(others, now) if draft.revision else others
    sections = {
        name: replace(saved, revision=max(saved.revision, draft.section_revision(name)) + 1)
        for name, saved in one.sections.items()
    }
    return replace(
        kept,
        revision=max(draft.revision, one.revision) + 1,
        stream_revision=stream_revision,
        document={**one.document, "nothing_to_report": False},
        sections=sections,
    )


def sent_back(draft: Draft, note: str | None, now: datetime) -> Draft:
    """To be mended; where nothing was reported, what was typed before is there again. Raises Locked."""
    opened = send_back(draft, note)
    return have_back(opened, 0, opened.stream_revision, now) if opened.empty and opened.aside else opened


def take_over(draft: Draft, stream_revision: int) -> Draft:
    """The same content for the submission as it stands now: it is checked anew. Raises Locked."""
    check_state(draft, "open")
    return replace(draft, revision=draft.revision + 1, stream_revision=stream_revision)


def left_behind(draft: Draft) -> Draft | None:
    """What stays when the draft was submitted: what was put aside, as a discarded draft; null where nothing was."""
    if not draft.aside:
        return None
    newest, *others = draft.aside
    return replace(
        draft,
        revision=draft.revision + 1,
        document=newest.document,
        sections=newest.sections,
        state="discarded",
        prepared_by=None,
        note=None,
        aside=tuple(others),
    )
