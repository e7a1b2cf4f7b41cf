"""Settings, secrets, and who may read their files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from nrem_embedded.operating.doctor.findings import Finding, ok, problem, warning
from nrem_intake.settings import IntakeSettings
from nrem_shared.runtime.mail.settings import MailSettings

if TYPE_CHECKING:
    from nrem_embedded.operating.installed import Installed

AREA = "configuration"
_OTHERS = 0o077


def check_settings(service: Installed) -> Iterator[Finding]:
    """What the settings of one service say, beyond that they could be read."""
    yield ok(AREA, service.name, "settings are complete")
    settings = service.settings
    if not settings.demonstration and not settings.secure_cookies:
        yield problem(AREA, service.name, "cookies travel without TLS", "set NREM_SECURE_COOKIES=true")
    if isinstance(settings, IntakeSettings):
        yield _signing_key(settings.signing_key_file)
    if isinstance(settings, MailSettings):
        yield from _mail(service.name, settings)


def _signing_key(path: Path) -> Finding:
    what = "signing key"
    try:
        key = ECKey.import_key(path.read_bytes())
    except FileNotFoundError:
        return problem(AREA, what, f"{path} is not there", "deploy/make-secrets, or restore it from a back-up")
    except (OSError, ValueError, JoseError) as error:
        return problem(AREA, what, f"{path} cannot be used: {error}", "put the right PEM file there (ES256, P-256)")
    if not key.is_private or key.curve_name != "P-256":
        return problem(AREA, what, f"{path} is no private key on P-256", "put the right PEM file there (ES256, P-256)")
    return ok(AREA, what, "a private key on P-256")


def _mail(name: str, settings: MailSettings) -> Iterator[Finding]:
    what = f"{name} mail"
    if settings.production and settings.smtp_security == "none":
        yield warning(AREA, what, "mail leaves without TLS", "set NREM_SMTP_SECURITY to starttls or tls")
    if settings.production and settings.demonstration:
        yield problem(AREA, what, "a demonstration writes to everybody", "set NREM_PRODUCTION=false")
    if not settings.production:
        allowed = ", ".join(settings.allowed_recipients) or "nobody"
        own = settings.demonstration and settings.smtp_host is None
        yield ok(
            AREA, what, f"no production: {'own mailboxes receive all' if own else f'only {allowed} is written to'}"
        )


def check_files(folder: Path) -> Iterator[Finding]:
    """Nobody else may read the state folder's secrets. Nothing is found where there is no such folder."""
    if not folder.is_dir():
        return
    secrets = folder / "secrets"
    paths = [folder, *([secrets, *sorted(secrets.iterdir())] if secrets.is_dir() else [])]
    open_to_others = [path for path in paths if path.exists() and path.stat().st_mode & _OTHERS]
    for path in open_to_others:
        mode = f"{path.stat().st_mode & 0o777:o}"
        yield problem(AREA, "file modes", f"others can read {path} ({mode})", f"chmod go= {path}")
    if not open_to_others:
        yield ok(AREA, "file modes", f"{len(paths)} files and folders are for their owner alone")
