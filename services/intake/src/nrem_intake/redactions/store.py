"""SQL of redactions: every table of intake that holds what people of a member wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nrem_intake.submissions.domain.watch import LetPass

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import asyncpg

    from nrem_intake.redactions.domain import Passed
    from nrem_shared.runtime.database import Connection


async def let_pass(conn: Connection, period: str, member: str) -> tuple[LetPass, ...]:
    """What was let pass for one submission."""
    rows = await conn.fetch(
        "select salt, digest from facts.text_pass where period = $1 and member = $2", period, member
    )
    return tuple(LetPass(row["salt"], row["digest"]) for row in rows)


async def save_pass(conn: Connection, one: Passed, now: datetime) -> None:
    """Add a text that was let pass."""
    await conn.execute(
        """
        insert into facts.text_pass (id, period, member, salt, digest, kinds, reason, passed_by, passed_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """,
        one.id,
        one.period,
        one.member,
        one.mark.salt,
        one.mark.digest,
        list(one.kinds),
        one.reason.model_dump(mode="json"),
        one.by,
        now,
    )


async def versions(conn: Connection, member: str) -> list[asyncpg.Record]:
    """Everything written in a member's versions, of all periods."""
    return await conn.fetch(
        """
        select period, version, content, corrected_figures, reasons, authors
          from facts.submission_version where member = $1 order by period, version
        """,
        member,
    )


async def replace_version(
    conn: Connection, member: str, row: asyncpg.Record, content: Any, figures: Any, reasons: Any, authors: Any
) -> None:
    """What a version says without what was redacted."""
    await conn.execute(
        """
        update facts.submission_version set content = $4, corrected_figures = $5, reasons = $6, authors = $7
         where period = $1 and member = $2 and version = $3
        """,
        row["period"],
        member,
        row["version"],
        content,
        figures,
        reasons,
        authors,
    )


async def extensions(conn: Connection, member: str) -> list[asyncpg.Record]:
    """The reasons in a member's extensions."""
    return await conn.fetch(
        "select period, reason, asked_reason, refused_reason from facts.extension where member = $1", member
    )


async def replace_extension(
    conn: Connection, member: str, period: str, reason: Any, asked_reason: Any, refused_reason: Any
) -> None:
    """What the reasons say without what was redacted."""
    await conn.execute(
        """
        update facts.extension set reason = $3, asked_reason = $4, refused_reason = $5
         where period = $1 and member = $2
        """,
        period,
        member,
        reason,
        asked_reason,
        refused_reason,
    )


async def drafts(conn: Connection, member: str) -> list[asyncpg.Record]:
    """What a member is writing."""
    return await conn.fetch("select period, document, note, aside from facts.report_draft where member = $1", member)


async def replace_draft(
    conn: Connection, member: str, period: str, document: Any, note: str | None, aside: Any
) -> None:
    """What a draft says without what was redacted."""
    await conn.execute(
        """
        update facts.report_draft set document = $3, note = $4, aside = $5, revision = revision + 1
         where period = $1 and member = $2
        """,
        period,
        member,
        document,
        note,
        aside,
    )


async def remarks(conn: Connection, member: str) -> list[asyncpg.Record]:
    """What was asked and answered about a member's submissions."""
    return await conn.fetch("select period, number, text from facts.remark where member = $1", member)


async def replace_remark(conn: Connection, member: str, period: str, number: int, text: Any) -> None:
    """What a remark says without what was redacted."""
    await conn.execute(
        "update facts.remark set text = $4 where period = $1 and member = $2 and number = $3",
        period,
        member,
        number,
        text,
    )


async def rename_evidence(conn: Connection, member: str, names: Sequence[str], mark: str) -> None:
    """Files of a member that bear one of these names."""
    await conn.execute(
        "update facts.evidence set name = $3 where member = $1 and name = any($2::text[])", member, list(names), mark
    )


async def set_revisions(conn: Connection, subjects: Sequence[str], revisions: Sequence[int], now: datetime) -> None:
    """Streams as they stand after their facts were told again."""
    await conn.execute(
        """
        with told as (
            select split_part(subject, '/', 1) as kind, split_part(subject, '/', 2) as period,
                   split_part(subject, '/', 3) as member, revision
              from unnest($1::text[], $2::bigint[]) as u(subject, revision)
        ), longer as (
            update facts.extension e set revision = t.revision
              from told t where t.kind = 'extension' and e.period = t.period and e.member = t.member
        )
        update facts.submission s set revision = t.revision, changed_at = $3
          from told t where t.kind = 'submission' and s.period = t.period and s.member = t.member
        """,
        list(subjects),
        list(revisions),
        now,
    )
