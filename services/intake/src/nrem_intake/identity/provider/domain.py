"""The authorization code flow with PKCE (RFC 6749, RFC 7636, OpenID Connect Core 1.0): what is sent, what must be true.

Verifier and nonce follow from the browser's secret and the state, so that nothing of them is kept. Pure.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import TYPE_CHECKING, Any

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri  # type: ignore[import-untyped]
from authlib.oauth2.rfc7636 import create_s256_code_challenge  # type: ignore[import-untyped]
from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]
from joserfc.errors import JoseError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

SCOPES = "openid email"
#: Clocks of two organisations differ.
LEEWAY_SECONDS = 60
#: Asymmetric ones alone: a provider's secret is known to us, so what is signed with it proves nothing.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]


class NotTrusted(Exception):
    """What the provider said does not hold; the text says why, without repeating it."""


class NoAddress(NotTrusted):
    """The provider vouches for no e-mail address."""


def derived(browser: str, purpose: str, state: str) -> str:
    """A secret of 256 bits that only this browser's cookie and this state give; URL-safe."""
    digest = hmac.new(browser.encode(), f"{purpose}:{state}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def authorization_address(metadata: Mapping[str, Any], client: str, back: str, browser: str, state: str) -> str:
    """Where the browser is sent."""
    return str(
        prepare_grant_uri(
            metadata["authorization_endpoint"],
            client,
            "code",
            redirect_uri=back,
            scope=SCOPES,
            state=state,
            nonce=derived(browser, "nonce", state),
            code_challenge=create_s256_code_challenge(derived(browser, "verifier", state)),
            code_challenge_method="S256",
        )
    )


def address_in(
    claims: Mapping[str, Any],
    header: Mapping[str, Any],
    *,
    issuer: str,
    client: str,
    nonce: str,
    access_token: str | None,
    now: datetime,
    trust_unverified: bool = False,
) -> str:
    """The verified address of an ID token whose signature was checked. Raises NotTrusted or NoAddress."""
    must = {
        "iss": {"essential": True, "value": issuer},
        "aud": {"essential": True, "value": client},
        "sub": {"essential": True},
    }
    params = {"nonce": nonce, "client_id": client, "access_token": access_token}
    token = CodeIDToken(dict(claims), dict(header), must, params)
    try:
        token.validate(now=int(now.timestamp()), leeway=LEEWAY_SECONDS)
    except (JoseError, ValueError, TypeError) as error:
        raise NotTrusted(f"the ID token does not hold: {type(error).__name__}") from error
    address = claims.get("email")
    if not isinstance(address, str) or "@" not in address:
        raise NoAddress("the ID token has no e-mail address")
    if claims.get("email_verified") is not True and not trust_unverified:
        raise NoAddress("the provider has not verified the e-mail address")
    return address
