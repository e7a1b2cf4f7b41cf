"""The mail server, the services' own answers, and room on the disk."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from nrem_embedded.operating.doctor.findings import Finding, ok, problem, warning
from nrem_shared.runtime.mail.settings import MailSettings
from nrem_shared.runtime.mail.smtp import Connection, Server

if TYPE_CHECKING:
    from nrem_embedded.operating.installed import Installed

_GIGABYTE = 1 << 30
_UNAVAILABLE = 503
_LITTLE = 0.1


async def check_mail(service: Installed) -> AsyncIterator[Finding]:
    """Reach the mail server as a service that sends mail does (TLS, name and password); no mail is sent."""
    settings = service.settings
    if not isinstance(settings, MailSettings):
        return
    what, server = f"{service.name} server", Server.of(settings)
    if server is None:
        if settings.demonstration:
            yield ok("mail", what, "none is named: a demonstration's own mailboxes receive all")
        else:
            yield problem("mail", what, f"none is named: {service.name} sends nothing", "set NREM_SMTP_HOST")
        return
    where = f"{server.host}:{server.port} ({server.security})"
    connection = Connection(server, settings.mail_from)
    try:
        tried = await connection.greet()
    finally:
        await connection.close()
    if tried.outcome == "sent":
        who = f" as {server.user}" if server.user else ""
        yield ok("mail", what, f"{where} answers{who}")
    elif tried.cause == "authentication":
        yield problem("mail", what, f"{where} does not accept who we are", "NREM_SMTP_USER and NREM_SMTP_PASSWORD")
    else:
        do = "NREM_SMTP_HOST, NREM_SMTP_PORT, NREM_SMTP_SECURITY, certificate, firewall"
        yield problem("mail", what, f"{where}: {tried.cause} {tried.detail}", do)


async def check_answers(url: str, bases: Mapping[str, str]) -> AsyncIterator[Finding]:
    """Ask each service whether it lives; what it says where it does not."""
    async with httpx.AsyncClient(base_url=url, timeout=10) as http:
        for name, base in bases.items():
            try:
                answer = await http.get(f"{base}/health/live")
            except httpx.HTTPError as error:
                said = f"nothing answers at {url} ({type(error).__name__})"
                yield problem("services", name, said, "start it; docs/runbooks/process-down.md")
                continue
            if answer.status_code == _UNAVAILABLE:
                yield problem("services", name, _detail(answer), "docs/runbooks/consumer-halted.md")
            elif answer.is_success:
                yield ok("services", name, "lives")
            else:
                yield warning("services", name, f"answers {answer.status_code}", f"is {url} the platform's address?")


def _detail(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["detail"])
    except (ValueError, KeyError):
        return f"answers {answer.status_code}"


def check_disk(folder: Path) -> Iterator[Finding]:
    """Room where the state folder is."""
    there = next(path for path in (folder, *folder.parents) if path.exists())
    usage = shutil.disk_usage(there)
    free, share = usage.free / _GIGABYTE, usage.free / usage.total
    said = f"{free:.1f} GB free ({share:.0%}) at {there}"
    if usage.free < _GIGABYTE:
        yield problem("disk", "free", said, "make room: PostgreSQL and Kafka stop when it is full")
    elif share < _LITTLE:
        yield warning("disk", "free", said, "make room soon")
    else:
        yield ok("disk", "free", said)
