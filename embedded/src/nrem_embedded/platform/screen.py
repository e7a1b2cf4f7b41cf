"""Telling what goes on: with bars on a terminal, in plain lines elsewhere."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

#: Without a terminal a long part tells of itself about so often, in seconds.
_EVERY = 5.0


@dataclass
class Part:
    """One part of the work under way."""

    screen: Screen
    title: str
    total: int | None
    done: int = 0
    told_at: float = field(default_factory=time.monotonic)
    task: TaskID | None = None

    def advance(self, by: int = 1, text: str = "") -> None:
        """So many more are done; `text` says what was."""
        self.done += by
        if self.task is not None and self.screen.progress is not None:
            self.screen.progress.update(self.task, completed=self.done, text=text)
        elif time.monotonic() - self.told_at > _EVERY:
            self.told_at = time.monotonic()
            of = f" of {self.total}" if self.total else ""
            self.screen.console.print(f"  {self.title}: {self.done}{of} {text}".rstrip(), highlight=False)

    def of(self, total: int) -> None:
        """How many there are, once it is known."""
        self.total = total
        if self.task is not None and self.screen.progress is not None:
            self.screen.progress.update(self.task, total=total)


class Screen:
    """Parts of the work with their times, in the order in which they ended."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.times: list[tuple[str, float]] = []
        self.progress: Progress | None = None

    @contextmanager
    def part(self, title: str, total: int | None = None) -> Iterator[Part]:
        """Show a part while it is under way, and how long it took once it is done."""
        began = time.monotonic()
        part = Part(self, title, total)
        with self._showing(part):
            yield part
        took = time.monotonic() - began
        self.times.append((title, took))
        count = f" ({part.done})" if total is not None else ""
        self.console.print(f"  {title}{count}", style="green", end="", highlight=False)
        self.console.print(f"  {took:.1f} s", highlight=False)

    @contextmanager
    def _showing(self, part: Part) -> Iterator[None]:
        if not self.console.is_terminal or self.progress is not None:
            yield
            return
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            *((BarColumn(), MofNCompleteColumn()) if part.total is not None else ()),
            TimeElapsedColumn(),
            TextColumn("{task.fields[text]}", style="dim"),
        )
        with Progress(*columns, console=self.console, transient=True) as self.progress:
            part.task = self.progress.add_task(part.title, total=part.total, text="")
            try:
                yield
            finally:
                self.progress = None

    def table(self, title: str, rows: list[tuple[str, str]]) -> None:
        """Two columns: what, and how much."""
        table = Table(title=title, show_header=False, box=None, title_justify="left", title_style="bold", pad_edge=True)
        table.add_column()
        table.add_column(justify="right")
        for row in rows:
            table.add_row(*row)
        self.console.print(table)
