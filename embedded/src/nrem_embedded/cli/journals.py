"""`nrem verify-journal` and `nrem migrate`: what operators do to databases directly."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nrem_embedded.cli.options import DEFAULT_STATE, State, complete_service
from nrem_embedded.cli.outcome import DIFFERS, Failed, Refused, finish, out

Service = Annotated[
    str, typer.Option("--service", help="One service, or all.", autocompletion=complete_service, metavar="NAME|all")
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("verify-journal")(verify_journal)
    app.command("migrate")(migrate)


def verify_journal(
    service: Service = "all",
    head: Annotated[str | None, typer.Option(help="A head printed earlier; the journal must contain it.")] = None,
    state: State = DEFAULT_STATE,
) -> None:
    """Read the journals from their first row and check the chain of hashes, every payload, times, and the head.

    Exit status 1 with each place that does not hold. Keep the heads that are printed: `--head` later finds that last
    rows were cut off, or that the whole chain was computed anew.

    Examples:

        nrem verify-journal

        nrem verify-journal --service intake --head 5f0c…
    """

    async def work() -> int:
        from nrem_embedded.cli.access import services_named

        if head is not None and service == "all":
            raise Refused("--head belongs to one journal: name it with --service")
        outcomes = [await _verify(state, name, _hash(head)) for name in services_named(service)]
        return 0 if all(outcomes) else DIFFERS

    finish(work())


def _hash(text: str | None) -> bytes | None:
    if text is None:
        return None
    try:
        return bytes.fromhex(text)
    except ValueError as error:
        raise Refused(f"{text!r} is no head: it must be hexadecimal, as `nrem verify-journal` prints it") from error


async def _verify(state: Path, service: str, head: bytes | None) -> bool:
    import asyncpg

    from nrem_embedded.cli.access import database_of
    from nrem_embedded.platform.screen import Screen
    from nrem_shared.runtime.journal.verify import verify

    try:
        connection = await asyncpg.connect(database_of(state, service))
    except (OSError, asyncpg.PostgresError) as error:
        raise Failed(f"{service}: the database does not answer ({error}); is the platform running?") from error
    try:
        with Screen(out()).part(service, 0) as part:

            def progress(done: int, total: int) -> None:
                part.of(total)
                part.advance(done - part.done)

            found = await verify(connection, head=head, progress=progress)
    finally:
        await connection.close()
    redacted = f", {found.redacted} redacted" if found.redacted else ""
    out().print(f"    {found.rows} rows{redacted}, head {found.head.hex()}")
    for finding in found.findings:
        place = f"row {finding.position}" if finding.position else "the journal"
        out().print(f"    {place}: {finding.what}", markup=False, style="red")
    return not found.findings


def migrate(service: Service = "all", state: State = DEFAULT_STATE) -> None:
    """Bring schemas up to date and create missing topics; safe to repeat. `nrem demo` does it by itself.

    Outside a state folder: NREM_DATABASE_URL, NREM_OWNER_DATABASE_URL, NREM_KAFKA_BOOTSTRAP, one service at a time.

    Example:

        nrem migrate --service statistics
    """

    async def work() -> int:
        from nrem_embedded.cli.access import service_settings, services_named
        from nrem_shared.runtime.migrate import MigrationError
        from nrem_shared.runtime.roles import prepare

        for name in services_named(service):
            blueprint, settings = service_settings(state, name)
            try:
                done = await prepare(blueprint, settings)
            except (MigrationError, OSError) as error:
                raise Failed(f"{name}: {error}") from error
            out().print(f"{name}: {', '.join(done) if done else 'nothing to do'}")
        return 0

    finish(work())
