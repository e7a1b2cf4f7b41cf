"""Who may do what: tokens are verified offline, revocations come over the bus, no route is without a rule."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from nrem_shared.contracts.members import AccessRevoked, SigningKeyPublished
from nrem_shared.runtime.identity import PUBLIC
from nrem_shared.runtime.identity.authorisation import UncoveredRoute
from nrem_shared.runtime.identity.cache import TOKEN_COOKIE
from nrem_shared.runtime.identity.tokens import LIFETIME, TokenIssuer
from nrem_shared.runtime.journal import Fact
from nrem_shared.runtime.migrate import recreate_projection
from nrem_shared.runtime.service import Service
from support.echo import RULES, blueprint
from support.eventually import eventually, stays
from support.journals import BY_TEST
from support.running import ADDRESS, running
from support.signing import Signing


@pytest.fixture
async def echo(settings_for, signing):
    settings = await settings_for("echo")
    await signing.trust(settings)
    async with running(blueprint(), settings, ["api"]) as running_echo:
        yield running_echo


async def asked(echo, headers: dict[str, str], method: str = "GET") -> tuple[int, str]:
    answer = await echo.client.request(method, "/api/mine", headers=headers)
    return answer.status_code, answer.json().get("detail", "")


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def test_a_member_is_let_in_and_others_are_not(echo, signing) -> None:
    assert await asked(echo, signing.bearer("member", member="vp")) == (200, "")
    assert await asked(echo, signing.bearer("reader")) == (403, "This is for: member.")
    assert await asked(echo, signing.bearer("made-up-role")) == (403, "This is for: member.")
    assert (await asked(echo, {}))[0] == 401


async def test_a_refused_token_says_why_and_asks_for_another(echo, signing, tmp_path) -> None:
    stranger = Signing.create(tmp_path)
    other_issuer = TokenIssuer(signing.issuer.key, "somebody-else")
    expired = signing.token("member", now=datetime.now(UTC) - LIFETIME - timedelta(seconds=11))
    foreign = other_issuer.issue(subject="key:x", roles=frozenset({"member"}), member="vp", display="x")
    changed = signing.token("member")[:-6] + "AAAAAA"
    assert await asked(echo, bearer(expired)) == (401, "the token has expired.")
    assert await asked(echo, bearer(foreign)) == (401, "the token was not issued here.")
    unknown = (401, "the token names a signing key that is not known here.")
    assert await asked(echo, bearer(stranger.token("member"))) == unknown
    for nonsense in (changed, "x", "a.b.c", "e30.e30.e30", "ā"):
        status, _ = await asked(echo, bearer(nonsense) if nonsense.isascii() else {"Cookie": f"{TOKEN_COOKIE}=x"})
        assert status == 401
    answer = await echo.client.get("/api/mine")
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_token_ends_although_it_was_verified_before(echo, signing) -> None:
    nearly = signing.token("member", now=datetime.now(UTC) - LIFETIME - timedelta(seconds=9))
    assert (await asked(echo, bearer(nearly)))[0] == 200

    async def ended() -> bool:
        return (await asked(echo, bearer(nearly)))[0] == 401

    await eventually(ended)


async def test_a_token_without_signature_or_with_a_symmetric_one_is_refused(echo, signing) -> None:
    import base64
    import json

    def part(data: dict) -> str:
        return base64.urlsafe_b64encode(json.dumps(data).encode()).rstrip(b"=").decode()

    _, claims, signature = signing.token("member").split(".")
    for algorithm in ("none", "HS256", "ES384"):
        head = part({"alg": algorithm, "kid": signing.issuer.kid})
        for end in ("", signature):
            assert (await asked(echo, bearer(f"{head}.{claims}.{end}")))[0] == 401


async def test_a_cookie_alone_proves_nothing_when_another_site_posts(echo, signing) -> None:
    ours = signing.cookie("member", member="vp", session="s1")
    assert (await asked(echo, ours, "POST"))[0] == 200
    only_cookie = {"Cookie": ours["Cookie"]}
    allowed = [{"Sec-Fetch-Site": "none"}, {"Origin": ADDRESS}, {"Referer": f"{ADDRESS}/page"}]
    refused = [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "http://evil.example"},
               {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site", "Origin": ADDRESS}]  # fmt: skip
    for extra in allowed:
        assert (await asked(echo, {**only_cookie, **extra}, "POST"))[0] == 200
    for extra in refused:
        assert await asked(echo, {**only_cookie, **extra}, "POST") == (403, "The request comes from another site.")
        assert (await asked(echo, {**only_cookie, **extra}))[0] == 200
        # A program's token is sent on purpose: it may come from anywhere.
        assert (await asked(echo, {**signing.bearer("member"), **extra}, "POST"))[0] == 200


async def test_a_cookie_needs_to_say_where_it_comes_from(echo, signing) -> None:
    only_cookie = {"Cookie": signing.cookie("member", member="vp", session="s1")["Cookie"]}
    status, said = await asked(echo, only_cookie, "POST")
    assert (status, "Origin" in said) == (403, True)
    assert (await asked(echo, only_cookie))[0] == 200
    # A token that was sent on purpose counts, whatever cookies a program keeps besides.
    assert (await asked(echo, {**only_cookie, **signing.bearer("member")}, "POST"))[0] == 200


@pytest.mark.parametrize(("kind", "id"), [("key", "k1"), ("session", "s1")])
async def test_a_revocation_comes_over_the_bus_and_takes_effect_in_seconds(settings_for, signing, kind, id) -> None:
    intake = await settings_for("echo")
    statistics = await settings_for("echo")
    async with running(blueprint(), intake) as decides, running(blueprint("statistics"), statistics) as reads:
        key = SigningKeyPublished(kid=signing.issuer.kid, jwk=signing.issuer.public_jwk)
        async with decides.runtime.journal.writing(BY_TEST) as writing:
            writing.record(Fact("nrem.signing-key.published.v1", f"signing-key/{key.kid}", 1, key))
        token = bearer(signing.token("member", member="vp", key="k1", session="s1"))
        other = bearer(signing.token("member", member="vp", key="k2", session="s2"))

        async def let_in() -> bool:
            return (await asked(reads, token))[0] == 200

        await eventually(let_in)
        async with decides.runtime.journal.writing(BY_TEST) as writing:
            writing.record(Fact("nrem.access.revoked.v1", f"{kind}/{id}", 1, AccessRevoked(kind=kind, id=id)))

        async def refused() -> bool:
            return await asked(reads, token) == (401, "the access was revoked.")

        await eventually(refused, seconds=3)
        assert (await asked(reads, other))[0] == 200


async def test_a_rebuild_of_the_projection_lets_nobody_revoked_in_and_nobody_out(
    settings_for, database, signing
) -> None:
    own = await database("echo")
    settings = await settings_for("echo", database=own)
    await signing.trust(settings)
    async with running(blueprint(), settings, ["api"]) as echo:
        await echo.runtime.pool.execute("insert into projection.revocation values ('key', 'k1', now())")
        await echo.runtime.watch.refresh()
        await recreate_projection(own.owner_url, own.package, own.app_role)
        await echo.runtime.watch.refresh()
        assert (await asked(echo, signing.bearer("member", key="k1")))[0] == 401

        async def still_in() -> bool:
            return (await asked(echo, signing.bearer("member", key="k2")))[0] == 200

        await stays(still_in, seconds=0.3)


async def test_a_route_without_a_rule_and_a_rule_without_a_route_stop_the_start(settings_for) -> None:
    settings = await settings_for("echo")
    without = {route: rule for route, rule in RULES.items() if route != "POST /api/mine"}
    with pytest.raises(UncoveredRoute, match=r"routes without a rule: \['POST /api/mine'\]"):
        Service(blueprint(rules=without), settings)
    with pytest.raises(UncoveredRoute, match=r"rules without a route: \['GET /api/nothing'\]"):
        Service(blueprint(rules={**RULES, "GET /api/nothing": PUBLIC}), settings)
