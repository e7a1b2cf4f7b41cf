"""Static files under addresses that name their content, so that browsers may keep them for ever."""

import gzip
import hashlib
import re
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

_TYPES: Final = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "woff2": "font/woff2",
    "svg": "image/svg+xml",
}
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_REFERENCE: Final = re.compile(rb'url\("?(?P<name>[\w.-]+)"?\)')


@dataclass(frozen=True)
class Asset:
    """One file: its published name (with the hash), its bytes, and the compressed bytes where that pays."""

    name: str
    media_type: str
    body: bytes
    compressed: bytes | None


class Assets:
    """The static files of ``nrem_shared.web``, read once; an ASGI application to mount at ``prefix``.

    A style sheet's references to fonts are rewritten to their published names before it is hashed itself.
    """

    def __init__(self, prefix: str = "/static") -> None:
        self.prefix = prefix.rstrip("/")
        folder = files("nrem_shared.web") / "static"
        sources = {
            entry.name: entry.read_bytes() for entry in folder.iterdir() if entry.name.rpartition(".")[2] in _TYPES
        }
        self._published: dict[str, str] = {}
        self._assets: dict[str, Asset] = {}
        for name in sorted(sources, key=lambda each: (each.endswith(".css"), each)):
            self._add(name, sources[name])

    def url(self, name: str) -> str:
        """The address of a file by its plain name. Raises KeyError for a file that does not exist."""
        return f"{self.prefix}/{self._published[name]}"

    def asset(self, name: str) -> Asset:
        """A file by its plain name. Raises KeyError for a file that does not exist."""
        return self._assets[self._published[name]]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one file; anything else is 404."""
        requested = str(scope["path"]).rpartition("/")[2] if scope["type"] == "http" else ""
        asset = self._assets.get(requested)
        response = _answer(asset, scope) if asset else PlainTextResponse("not found", status_code=404)
        await response(scope, receive, send)

    def _add(self, name: str, body: bytes) -> None:
        stem, _, kind = name.rpartition(".")
        if kind == "css":
            body = _REFERENCE.sub(self._reference, body)
        published = f"{stem}.{hashlib.sha256(body).hexdigest()[:12]}.{kind}"
        compressed = None if kind == "woff2" else gzip.compress(body, 9, mtime=0)
        self._published[name] = published
        self._assets[published] = Asset(published, _TYPES[kind], body, compressed)

    def _reference(self, found: re.Match[bytes]) -> bytes:
        return f'url("{self._published[found["name"].decode()]}")'.encode()


def _answer(asset: Asset, scope: Scope) -> Response:
    accepted = dict(scope["headers"]).get(b"accept-encoding", b"")
    headers = {"cache-control": _FOR_EVER, "vary": "Accept-Encoding", "etag": f'"{asset.name}"'}
    if asset.compressed is not None and b"gzip" in accepted:
        headers["content-encoding"] = "gzip"
        return Response(asset.compressed, media_type=asset.media_type, headers=headers)
    return Response(asset.body, media_type=asset.media_type, headers=headers)
