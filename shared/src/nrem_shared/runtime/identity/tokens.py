"""ES256 tokens of five minutes (RFC 7519, RFC 7518): intake issues them, every service verifies them by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from nrem_shared.runtime.identity.principal import ROLES, Principal

if TYPE_CHECKING:
    from collections.abc import Mapping

LIFETIME = timedelta(minutes=5)
_SKEW = timedelta(seconds=10)


class InvalidToken(Exception):
    """The token is no token of ours, or not valid any more; the text says which, for the log and the asker."""


class UnknownKey(InvalidToken):
    """The token names a signing key that is not known (yet)."""


@dataclass(frozen=True, slots=True)
class TokenIssuer:
    """Signs tokens with a private key. `kid` is the key's RFC 7638 thumbprint."""

    key: ECKey
    issuer: str

    @classmethod
    def from_pem(cls, pem: bytes, issuer: str) -> TokenIssuer:
        """From a PEM-encoded P-256 private key; raises ValueError where it is none."""
        try:
            key = ECKey.import_key(pem)
        except JoseError as error:
            raise ValueError("the signing key must be a private key on P-256") from error
        if not key.is_private or key.curve_name != "P-256":
            raise ValueError("the signing key must be a private key on P-256")
        return cls(key, issuer)

    @property
    def kid(self) -> str:
        """The key's id."""
        return str(self.key.thumbprint())

    @property
    def public_jwk(self) -> dict[str, Any]:
        """The public part, for JWKS."""
        return {**self.key.as_dict(private=False), "kid": self.kid, "alg": "ES256", "use": "sig"}

    def issue(
        self,
        *,
        subject: str,
        roles: frozenset[str],
        member: str | None,
        display: str,
        language: str = "lv",
        key: str | None = None,
        session: str | None = None,
        sections: frozenset[str] = frozenset(),
        office: str | None = None,
        now: datetime | None = None,
    ) -> str:
        """A signed token; real time, also where the domain's clock stands elsewhere."""
        issued = now or datetime.now(UTC)
        claims = {
            "iss": self.issuer,
            "sub": subject,
            "iat": int(issued.timestamp()),
            "exp": int((issued + LIFETIME).timestamp()),
            "jti": str(uuid4()),
            "roles": sorted(roles),
            "member": member,
            "display": display,
            "language": language,
            "key": key,
            "session": session,
        }
        if sections:
            claims["sections"] = sorted(sections)
        if office:
            claims["office"] = office
        return jwt.encode({"alg": "ES256", "kid": self.kid}, claims, self.key, algorithms=["ES256"])


class TokenVerifier:
    """Verifies tokens with the public keys it was given; remembers what it verified until it expires."""

    def __init__(self, issuer: str, keys: Mapping[str, dict[str, Any]]) -> None:
        self._issuer = issuer
        self._keys = {kid: ECKey.import_key(jwk) for kid, jwk in keys.items()}
        self._verified: dict[str, Principal] = {}

    def verify(self, token: str) -> Principal:
        """Who the token is for. Raises UnknownKey or InvalidToken."""
        now = datetime.now(UTC)
        known = self._verified.get(token)
        if known is not None and now < known.expires_at:
            return known
        principal = self._decode(token)
        if now >= principal.expires_at + _SKEW:
            raise InvalidToken("the token has expired")
        if len(self._verified) > 2000:
            self._verified.clear()
        self._verified[token] = principal
        return principal

    def _decode(self, token: str) -> Principal:
        try:
            decoded = jwt.decode(token, self._key_of, algorithms=["ES256"])
        except (JoseError, ValueError, TypeError) as error:
            raise InvalidToken("the token is not signed by this platform") from error
        claims = decoded.claims
        roles = claims.get("roles")
        if claims.get("iss") != self._issuer or not isinstance(roles, list) or not isinstance(claims.get("exp"), int):
            raise InvalidToken("the token was not issued here")
        return Principal(
            subject=str(claims["sub"]),
            roles=frozenset(map(str, roles)) & ROLES,
            member=claims.get("member"),
            key=claims.get("key"),
            session=claims.get("session"),
            display=str(claims.get("display", "")),
            language=str(claims.get("language", "lv")),
            expires_at=datetime.fromtimestamp(claims["exp"], UTC),
            sections=frozenset(map(str, claims.get("sections") or ())),
            office=claims.get("office"),
        )

    def _key_of(self, message: Any) -> ECKey:
        kid = message.headers().get("kid")
        if kid not in self._keys:
            raise UnknownKey("the token names a signing key that is not known here")
        return self._keys[kid]
