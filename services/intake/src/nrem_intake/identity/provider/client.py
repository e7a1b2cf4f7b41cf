"""The identity provider over HTTP: discovery, exchange of the code, signing keys that may change."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import httpx
from authlib.oidc.discovery import OpenIDProviderMetadata, get_well_known_url  # type: ignore[import-untyped]
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from nrem_intake.identity.provider.domain import ALGORITHMS, NotTrusted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nrem_intake.settings import IntakeSettings

_TIMEOUT = 10.0  # seconds
_DISCOVERED_FOR = 3600.0  # seconds
_KEYS_AT_LEAST = 1.0  # seconds: an unknown key lets us ask again, but not in a loop


class ProviderAway(Exception):
    """The provider does not answer, or not as one."""


class Provider:
    """One provider, as the settings name it; what it publishes is kept for an hour."""

    def __init__(self, settings: IntakeSettings) -> None:
        self.issuer = (settings.oidc_issuer or "").rstrip("/")
        self.client = settings.oidc_client_id or ""
        self._secret = settings.oidc_client_secret.get_secret_value() if settings.oidc_client_secret else None
        self._metadata: dict[str, Any] | None = None
        self._discovered = 0.0
        self._keys: KeySet | None = None
        self._keys_read = 0.0

    async def metadata(self) -> Mapping[str, Any]:
        """What the provider says about itself (OpenID Connect Discovery 1.0). Raises ProviderAway, NotTrusted."""
        if self._metadata is None or time.monotonic() - self._discovered > _DISCOVERED_FOR:
            found = OpenIDProviderMetadata(await self._get(get_well_known_url(self.issuer, external=True)))
            if str(found.get("issuer", "")).rstrip("/") != self.issuer:
                raise NotTrusted("the provider names another issuer")
            try:
                found.validate_issuer()
                found.validate_authorization_endpoint()
                found.validate_token_endpoint()
                found.validate_jwks_uri()
            except ValueError as error:
                raise NotTrusted(f"the provider's description does not hold: {error}") from error
            self._metadata, self._discovered = dict(found), time.monotonic()
        return self._metadata

    async def exchange(self, code: str, back: str, verifier: str) -> tuple[str, str | None]:
        """(ID token, access token) for a code. Raises ProviderAway, NotTrusted."""
        metadata = await self.metadata()
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": verifier}
        methods = metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        basic = self._secret is not None and "client_secret_basic" in methods
        if not basic:
            form["client_id"] = self.client
            if self._secret is not None:
                form["client_secret"] = self._secret
        auth = httpx.BasicAuth(self.client, self._secret or "") if basic else None
        answer = await self._ask("POST", metadata["token_endpoint"], data=form, auth=auth)
        if answer.status_code >= 500:
            raise ProviderAway(f"the token endpoint answers {answer.status_code}")
        found = _document(answer) if answer.status_code == 200 else {}
        if not isinstance(found.get("id_token"), str):
            raise NotTrusted("the provider did not accept the code")
        return found["id_token"], found.get("access_token")

    async def read(self, token: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """(claims, header) of a token that the provider signed. Raises NotTrusted for any other."""
        for again in (False, True):
            keys = await self._key_set(again=again)
            try:
                decoded = jwt.decode(token, keys, algorithms=ALGORITHMS)
            except (JoseError, ValueError, TypeError, KeyError) as error:
                if again or not _known_form(token):
                    raise NotTrusted("the ID token is not signed by the provider") from error
            else:
                return dict(decoded.claims), dict(decoded.header)
        raise NotTrusted("the ID token is not signed by the provider")

    async def _key_set(self, *, again: bool) -> KeySet:
        """The provider's keys; read `again` where a token names one that is not known: they rotate."""
        age = time.monotonic() - self._keys_read
        if self._keys is None or age > _DISCOVERED_FOR or (again and age > _KEYS_AT_LEAST):
            document = await self._get((await self.metadata())["jwks_uri"])
            try:
                self._keys = KeySet.import_key_set(document)  # type: ignore[arg-type]
            except (JoseError, ValueError, TypeError, KeyError) as error:
                raise ProviderAway("the provider's keys cannot be read") from error
            self._keys_read = time.monotonic()
        return self._keys

    async def _get(self, address: str) -> dict[str, Any]:
        answer = await self._ask("GET", address)
        if answer.status_code != 200:
            raise ProviderAway(f"the provider answers {answer.status_code}")
        return _document(answer)

    async def _ask(self, method: str, address: str, **more: Any) -> httpx.Response:
        try:
            async with httpx.AsyncClient(timeout=_TIMEOUT) as http:
                return await http.request(method, address, headers={"accept": "application/json"}, **more)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ProviderAway(type(error).__name__) from error


def _document(answer: httpx.Response) -> dict[str, Any]:
    try:
        document = answer.json()
    except ValueError as error:
        raise ProviderAway("the provider's answer is no JSON") from error
    if not isinstance(document, dict):
        raise ProviderAway("the provider's answer is no JSON object")
    return document


def _known_form(token: str) -> bool:
    """Whether this is a signed token at all: only then may its key be a new one."""
    try:
        jws.extract_compact(token.encode())
    except (JoseError, ValueError, TypeError):
        return False
    return True
