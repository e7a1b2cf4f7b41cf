"""Vega-Lite specification → accessible, responsive SVG, drawn by a process of its own that ends when idle."""

import asyncio
import hashlib
import json
import re
import sys
from asyncio.subprocess import PIPE, Process
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup, escape

from nrem_shared.web.languages import LATVIAN

Specification = Mapping[str, Any]

_LINE_LIMIT: Final = 16 * 1024 * 1024
_NUMBER_LOCALES: Final[Mapping[str, Mapping[str, Any]]] = {
    "lv": {"decimal": ",", "thousands": "\u00a0", "grouping": [3], "currency": ["", "\u00a0€"]},
    "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["€", ""]},
}
_SPOKEN_PARTS: Final = re.compile(r' (?:role|aria-[a-z]+|xmlns:xlink|class|pointer-events)="[^"]*"')
_ROOT: Final = re.compile(r"<svg\b[^>]*?(?P<box>viewBox=\"[^\"]*\")[^>]*>")
_GROUND: Final = re.compile(r'(<svg\b[^>]*>)<rect [^>]*fill="(?:white|transparent)"/>')


class ChartRefused(ValueError):
    """The specification is not one that Vega-Lite can draw; the message is Vega-Lite's."""


@dataclass(frozen=True)
class Chart:
    """A drawn chart for the macro ``figure``; ``description`` says in words what the picture shows."""

    svg: Markup
    title: str
    description: str


class ChartRenderer:
    """Draws one chart after the other. Give one to the application, call :meth:`close` when it ends.

    The worker is started by the first chart (about 0.6 s) and ends after ``idle_seconds`` without one. The last
    ``kept`` drawings are kept by the hash of their specification.
    """

    def __init__(self, *, idle_seconds: float = 30.0, timeout_seconds: float = 20.0, kept: int = 200) -> None:
        self._idle_seconds = idle_seconds
        self._timeout_seconds = timeout_seconds
        self._kept = kept
        self._drawn: OrderedDict[str, str] = OrderedDict()
        self._worker: Process | None = None
        self._turn = asyncio.Lock()
        self._ending: asyncio.TimerHandle | None = None

    @property
    def worker_pid(self) -> int | None:
        """The worker's process id while it runs."""
        return self._worker.pid if self._worker and self._worker.returncode is None else None

    async def chart(self, spec: Specification, *, title: str, description: str, language: str = LATVIAN) -> Chart:
        """A chart with its text equivalents. Raises :class:`ChartRefused` or TimeoutError."""
        svg = await self.svg(spec, language=language)
        return Chart(accessible(svg, title, description), title, description)

    async def svg(self, spec: Specification, *, language: str = LATVIAN) -> str:
        """The bare drawing, for a PDF or another medium."""
        locale = _NUMBER_LOCALES.get(language, _NUMBER_LOCALES["en"])
        request = json.dumps({"spec": spec, "locale": locale}, sort_keys=True, ensure_ascii=False)
        key = hashlib.sha256(request.encode()).hexdigest()
        async with self._turn:
            if key not in self._drawn:
                self._drawn[key] = await self._draw(request)
                if len(self._drawn) > self._kept:
                    self._drawn.popitem(last=False)
            self._drawn.move_to_end(key)
            return self._drawn[key]

    async def close(self) -> None:
        """End the worker."""
        async with self._turn:
            await self._end()

    async def _draw(self, request: str) -> str:
        try:
            answer = await asyncio.wait_for(self._ask(request), self._timeout_seconds)
        except (TimeoutError, asyncio.CancelledError):
            await self._end(kill=True)
            raise
        self._end_when_idle()
        if "error" in answer:
            raise ChartRefused(answer["error"])
        return answer["svg"]

    async def _ask(self, request: str) -> dict[str, str]:
        for _ in range(2):  # a worker that died between two charts is replaced once
            worker = await self._running()
            assert worker.stdin is not None  # noqa: S101 - both are pipes, see _running
            assert worker.stdout is not None  # noqa: S101
            try:
                worker.stdin.write(request.encode() + b"\n")
                await worker.stdin.drain()
                line = await worker.stdout.readline()
            except ConnectionError:
                line = b""
            if line:
                answer: dict[str, str] = json.loads(line)
                return answer
            await self._end(kill=True)
        raise ChartRefused("the drawing process ended without an answer")

    async def _running(self) -> Process:
        if self._worker is None or self._worker.returncode is not None:
            self._worker = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "nrem_shared.web.chart_worker", stdin=PIPE, stdout=PIPE, limit=_LINE_LIMIT
            )
        return self._worker

    def _end_when_idle(self) -> None:
        if self._ending:
            self._ending.cancel()
        loop = asyncio.get_running_loop()
        self._ending = loop.call_later(
            self._idle_seconds, lambda: setattr(self, "_closing", loop.create_task(self.close()))
        )

    async def _end(self, *, kill: bool = False) -> None:
        if self._ending:
            self._ending.cancel()
            self._ending = None
        worker, self._worker = self._worker, None
        if worker is None:
            return
        if kill and worker.returncode is None:
            worker.kill()
        if worker.stdin is not None:
            worker.stdin.close()
        await worker.wait()


def accessible(svg: str, title: str, description: str) -> Markup:
    """The drawing as one image with a name and a description, as wide as its place allows."""
    bare = _GROUND.sub(r"\1", _SPOKEN_PARTS.sub("", svg), count=1)
    identifier = "c" + hashlib.sha256(f"{title}{description}{svg}".encode()).hexdigest()[:10]
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" \\g<box> role="img" focusable="false" '
        f'aria-labelledby="{identifier}-t {identifier}-d"><title id="{identifier}-t">@title@</title>'
        f'<desc id="{identifier}-d">@description@</desc>'
    )
    named = _ROOT.sub(opening, bare, count=1)
    words = {"@title@": str(escape(title)), "@description@": str(escape(description))}
    return Markup(re.sub("@title@|@description@", lambda found: words[found[0]], named, count=2))  # noqa: S704
