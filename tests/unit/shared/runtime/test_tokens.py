"""Tokens of five minutes that say who somebody is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from joserfc.jwk import ECKey, RSAKey

from nrem_shared.runtime.identity.tokens import LIFETIME, InvalidToken, TokenIssuer, TokenVerifier, UnknownKey

ISSUER = TokenIssuer(ECKey.generate_key("P-256", private=True), "nrem-intake")
VERIFIER = TokenVerifier("nrem-intake", {ISSUER.kid: ISSUER.public_jwk})


def token(**claims: object) -> str:
    given = {"subject": "key:vp", "roles": frozenset({"member"}), "member": "vp", "display": "VP", **claims}
    return ISSUER.issue(**given)  # type: ignore[arg-type]


def test_a_token_says_who_it_is_for() -> None:
    now = datetime.now(UTC)
    principal = VERIFIER.verify(token(key="k1", language="en", now=now))
    assert (principal.subject, principal.member, principal.key, principal.session) == ("key:vp", "vp", "k1", None)
    assert (principal.roles, principal.language, principal.by_cookie) == (frozenset({"member"}), "en", False)
    assert timedelta() <= now + LIFETIME - principal.expires_at < timedelta(seconds=1)


def test_roles_that_are_not_known_here_are_left_out() -> None:
    assert VERIFIER.verify(token(roles=frozenset({"member", "emperor"}))).roles == {"member"}


def test_a_member_owns_its_own_and_a_coordinator_everything() -> None:
    assert VERIFIER.verify(token()).owns("vp")
    assert not VERIFIER.verify(token()).owns("iem")
    assert VERIFIER.verify(token(roles=frozenset({"coordinator"}), member=None)).owns("iem")
    assert not VERIFIER.verify(token(roles=frozenset({"reader"}))).owns("vp")


def test_expired_foreign_and_changed_tokens_are_refused() -> None:
    with pytest.raises(InvalidToken, match="expired"):
        VERIFIER.verify(token(now=datetime.now(UTC) - LIFETIME - timedelta(seconds=11)))
    with pytest.raises(UnknownKey):
        TokenVerifier("nrem-intake", {}).verify(token())
    with pytest.raises(InvalidToken, match="not issued here"):
        TokenVerifier("other", {ISSUER.kid: ISSUER.public_jwk}).verify(token())
    head, _, signature = token().split(".")
    with pytest.raises(InvalidToken):
        VERIFIER.verify(".".join([head, token(member="iem").split(".")[1], signature]))


def test_the_public_part_has_nothing_private() -> None:
    assert set(ISSUER.public_jwk) == {"kty", "crv", "x", "y", "kid", "alg", "use"}


def test_only_a_private_key_on_p256_signs() -> None:
    other = ECKey.generate_key("P-384", private=True)
    for pem in (other.as_pem(private=True), ISSUER.key.as_pem(private=False)):
        with pytest.raises(ValueError, match="P-256"):
            TokenIssuer.from_pem(pem, "nrem-intake")
    with pytest.raises(ValueError):
        TokenIssuer.from_pem(RSAKey.generate_key(2048, private=True).as_pem(private=True), "nrem-intake")
