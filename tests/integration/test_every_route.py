"""Every route of every service, as every role and as nobody: who gets in is what a checked-in table says.

`roles_by_route.txt` beside this file is that table, written down apart from the rules that are enforced: whoever opens
a route to somebody changes a line there, too, for everybody to see. `NREM_RENEW_ROLES=1` with this file's tests writes
it anew from what is enforced; read the difference before you keep it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from nrem_embedded.platform.composition import BLUEPRINTS
from nrem_shared.contracts.submissions import SECTIONS
from nrem_shared.runtime.identity import Rule
from nrem_shared.runtime.identity.authorisation import routes_of
from nrem_shared.runtime.identity.principal import OF_AN_INSTITUTION, ROLES
from support.running import running
from support.signing import Signing

#: Something of the right form for each parameter of an address; that it does not exist is for the handlers to say.
EXAMPLES = {
    "id": "00000000-0000-4000-8000-000000000000",
    "mail": "00000000-0000-4000-8000-000000000000",
    "version": "1",
    "number": "1",
    "period": "2031-Q1",
    "member": "vp",
    "section": "observations",
    "address": "nobody@vp.example",
}

JSON = {"Accept": "application/json"}

TABLE = Path(__file__).with_name("roles_by_route.txt")
RENEW = "NREM_RENEW_ROLES"
HEAD = """# Who may use which route. `everybody` = whoever is signed in; `public` = nobody needs to be.
# Compared exactly by tests/integration/test_every_route.py, which says how to renew it.
"""


@dataclass(frozen=True)
class Route:
    """A route as it is asked for."""

    method: str
    path: str
    rule: Rule

    @property
    def address(self) -> str:
        return re.sub(r"\{(\w+)(:\w+)?\}", lambda found: EXAMPLES.get(found[1], "x1"), self.path)

    @property
    def page(self) -> bool:
        return not self.path.startswith(("/api/", "/.well-known/", "/health", "/metrics"))


def routes(app: object) -> Iterator[Route]:
    for name, rule in sorted(app.state.rules.items()):  # type: ignore[attr-defined]
        method, path = name.split(" ")
        yield Route(method, path, rule)


def turned_away(answer: httpx.Response) -> bool:
    """Whether the table refused it: nobody, or somebody whose role the rule does not name."""
    if answer.status_code == 401:  # not the token endpoint's answer to a wrong key
        return "/problems/unauthenticated" in answer.text
    if answer.status_code == 307:
        return "/session/renew?next=" in answer.headers["location"]
    return answer.status_code == 403 and "This is for:" in answer.text


@pytest.mark.parametrize("service", BLUEPRINTS)
async def test_each_role_gets_what_the_table_says(settings_for, signing: Signing, service: str) -> None:
    blueprint, settings_type = BLUEPRINTS[service]
    pepper = {"key_pepper": "p" * 32} if service == "intake" else {}
    settings = await settings_for(service, settings_type=settings_type, **pepper)
    await signing.trust(settings)
    wrong: list[str] = []
    async with running(blueprint, settings, roles=("api",)) as started:
        asked = {None: JSON} | {role: {**JSON, **_token(signing, role)} for role in sorted(ROLES)}
        every = list(routes(started.service.api))
        assert {f"{one.method} {one.path}" for one in every} == routes_of(started.service.api)
        for route in every:
            for role, headers in asked.items():
                answer = await started.client.request(route.method, route.address, headers=headers)
                if said := _wrong(route, role, answer):
                    wrong.append(f"{route.method} {route.path} as {role or 'nobody'}: {said}")
    assert not wrong, "\n".join(wrong)


def test_the_checked_in_table_says_who_may_use_each_route() -> None:
    enforced = HEAD + "\n".join(_lines()) + "\n"
    if os.environ.get(RENEW) == "1":
        TABLE.write_text(enforced)
    kept, now = (set(text.splitlines()) for text in (TABLE.read_text(), enforced))
    changed = sorted(
        [f"- {line}" for line in kept - now] + [f"+ {line}" for line in now - kept], key=lambda one: one[2:]
    )
    assert TABLE.read_text() == enforced, "\n".join(
        [f"{TABLE.name} is not what is enforced (- written down, + enforced). If that is meant, renew it with"
         f" `{RENEW}=1 make test-integration` (or pytest on this file) and say why in the commit:", *changed]
    )  # fmt: skip


def _lines() -> Iterator[str]:
    """A line per route, in order: `GET /intake/queue: coordinator, secretariat`."""
    for blueprint, _ in BLUEPRINTS.values():
        for name, rule in sorted(blueprint.rules.items(), key=lambda one: one[0].split(" ")[::-1]):
            method, path = name.split(" ")
            who = "public" if rule.public else "everybody" if rule.roles == ROLES else ", ".join(sorted(rule.roles))
            yield f"{method} {blueprint.base_path}{path}: {who}"


def _wrong(route: Route, role: str | None, answer: httpx.Response) -> str:
    """What is wrong with an answer; empty where it is as the rule says."""
    if answer.status_code >= 500 and answer.status_code != 503:
        return f"answered {answer.status_code}"
    permitted = route.rule.public or (role is not None and role in route.rule.roles)
    if permitted:
        refused = turned_away(answer) or (not route.rule.public and answer.status_code in (401, 403))
        return f"permitted, but answered {answer.status_code}: {answer.text[:200]}" if refused else ""
    expected = 403 if role is not None else 307 if route.page else 401
    if answer.status_code != expected or not turned_away(answer):
        return f"not permitted, but answered {answer.status_code}"
    return ""


def test_the_tables_name_roles_that_exist_and_each_role_may_do_something() -> None:
    named = {role for blueprint, _ in BLUEPRINTS.values() for rule in blueprint.rules.values() for role in rule.roles}
    assert named == ROLES


def test_who_only_reads_may_change_nothing_but_their_own_sign_in() -> None:
    own = {"POST /account/sessions/{id}/end", "POST /account/sessions/end"}
    for blueprint, _ in BLUEPRINTS.values():
        for route, rule in blueprint.rules.items():
            if not route.startswith("GET ") and not rule.public and route not in own:
                assert "reader" not in rule.roles, route


def _token(signing: Signing, role: str) -> dict[str, str]:
    """A token of the role; a contributor has been given every section."""
    sections = SECTIONS if role == "contributor" else ()
    return {"Authorization": f"Bearer {signing.token(role, member=_member(role), sections=sections)}"}


def _member(role: str) -> str | None:
    if role in OF_AN_INSTITUTION:
        return "vp"
    return None if role == "reader" else "iem"
