"""All checks, one after the other; what fails is itself a finding."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg

from nrem_embedded.operating.doctor.bus import check_bus
from nrem_embedded.operating.doctor.configuration import check_files, check_settings
from nrem_embedded.operating.doctor.databases import check_database
from nrem_embedded.operating.doctor.findings import Finding, problem
from nrem_embedded.operating.doctor.freshness import check_freshness
from nrem_embedded.operating.doctor.surroundings import check_answers, check_disk, check_mail
from nrem_embedded.operating.installed import Away

if TYPE_CHECKING:
    from nrem_embedded.operating.installed import Installation
    from nrem_embedded.platform.screen import Part


async def examine(
    services: Installation, url: str | None, bases: Mapping[str, str], folder: Path, last: int | None, part: Part
) -> list[Finding]:
    """Everything at once: no check keeps another from being made. `services` are those whose settings could be read."""
    findings: list[Finding] = []
    findings += await asyncio.to_thread(lambda: list(check_files(folder)))
    for service in services.values():
        findings += list(check_settings(service))
    checks = [
        *(("database", name, check_database(each, last)) for name, each in services.items()),
        *([("kafka", "cluster", check_bus(services))] if services else []),
        *(("freshness", name, check_freshness(each)) for name, each in services.items()),
        *(("mail", f"{name} server", check_mail(each)) for name, each in services.items()),
        *([("services", "all", check_answers(url, bases))] if url else []),
    ]
    part.of(len(checks))
    for area, what, check in checks:
        findings += await _made(area, what, check)
        part.advance(1, f"{area} {what}")
    return findings + await asyncio.to_thread(lambda: list(check_disk(folder)))


async def _made(area: str, what: str, check: AsyncIterator[Finding]) -> list[Finding]:
    """The findings of one check, or the one that it could not be made."""
    found: list[Finding] = []
    try:
        async for finding in check:
            found.append(finding)
    except Away as error:
        found.append(problem(area, what, str(error), "start PostgreSQL; check address and password"))
    except (asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError) as error:
        found.append(problem(area, what, f"the schema is not there: {error}", "nrem migrate"))
    except ConnectionError as error:
        found.append(problem(area, what, str(error), "start Kafka; check NREM_KAFKA_BOOTSTRAP"))
    except (asyncpg.PostgresError, OSError, TimeoutError) as error:
        found.append(problem(area, what, f"could not be looked at: {error!r}", "see the server's log"))
    return found
