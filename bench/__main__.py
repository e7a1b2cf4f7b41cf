"""The command: `python -m bench`."""

from __future__ import annotations

import importlib
import json
import shutil
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from bench.machine import machine
from bench.measuring import measure
from bench.page import write_page
from bench.processes import ROOT

ROWS = ("intake", "relay", "projection", "lag", "rebuild", "queries", "reminders", "demonstration")
RESULTS = ROOT / "bench" / "results" / "latest.json"
_console = Console(stderr=True)


def bench(
    rows: Annotated[str, typer.Option(help=f"Only these, separated by commas: {', '.join(ROWS)}.")] = ",".join(ROWS),
    quick: Annotated[
        bool, typer.Option("--quick", help="Small counts, one repetition: whether everything works. No peers.")
    ] = False,
    full: Annotated[
        bool, typer.Option("--full", help="A million events to rebuild, ten million observations to query; an hour.")
    ] = False,
    peers: Annotated[
        bool | None, typer.Option(help="Measure the others too; left out: yes, but for --quick.", show_default=False)
    ] = None,
    repetitions: Annotated[int, typer.Option(help="Runs of each case; the median counts.", min=1)] = 3,
    page: Annotated[
        bool, typer.Option(help="Write docs/benchmarks.md and its pictures when all rows were measured.")
    ] = True,
    results: Annotated[Path, typer.Option(help="Where the figures are written.")] = RESULTS,
) -> None:
    """Measure the platform, its peers and its limits in one run on this machine.

    Every row starts real servers with durability on (fsync, synchronous_commit, acks=all, idempotent producers), runs
    its cases back and forth, compares what they left in the end table, and says what limits ours. Leave the machine
    alone meanwhile. Peers with packages of their own (QuixStreams, eventsourcing) run in .venv-bench: `make bench`
    makes it; without it their cases are left out.

    Examples:

        python -m bench

        python -m bench --rows intake,relay --repetitions 5

        python -m bench --quick
    """
    wanted = [name.strip() for name in rows.split(",") if name.strip()]
    if unknown := sorted(set(wanted) - set(ROWS)):
        raise typer.BadParameter(f"there is no row {unknown[0]!r}; there are: {', '.join(ROWS)}", param_hint="--rows")
    import uvloop

    work = _run(
        wanted,
        quick=quick,
        full=full,
        peers=not quick if peers is None else peers,
        repetitions=1 if quick else repetitions,
    )
    measured = uvloop.run(work)
    results.parent.mkdir(parents=True, exist_ok=True)
    results.write_text(json.dumps(measured, indent=1, ensure_ascii=False) + "\n")
    if page and not quick and wanted == list(ROWS):
        write_page(measured, ROOT / "docs")


async def _run(wanted: list[str], *, quick: bool, full: bool, peers: bool, repetitions: int) -> dict[str, Any]:
    from bench.installation import installed

    folder = Path(tempfile.mkdtemp(prefix="nrem-bench-"))
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[case]}"), TimeElapsedColumn())
    measured = []
    try:
        async with installed(folder, quick=quick, full=full) as here:
            with Progress(*columns, console=_console) as progress:
                for name in wanted:
                    task = progress.add_task(name, total=None, case="preparing")
                    row = await importlib.import_module(f"bench.rows.{name}").row(here)
                    if not peers:
                        row.cases = [case for case in row.cases if case.kind == "ours"]
                    progress.update(task, total=sum(min(case.runs or repetitions, repetitions) for case in row.cases))

                    def done(case: str, task: Any = task) -> None:
                        progress.update(task, case=case, advance=1)

                    measured.append(await measure(row, repetitions, done))
                    progress.update(task, case="", completed=progress.tasks[task].total)
                    _tell(measured[-1])
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return {"machine": machine(), "repetitions": repetitions, "full": full, "quick": quick, "rows": measured}


def _tell(row: dict[str, Any]) -> None:
    _console.print(f"[bold]{row['title']}[/bold] ({row['size']})")
    for case in row["cases"]:
        more = ", ".join(f"{name} {value:,g}" for name, value in case["more"].items())
        _console.print(f"  {case['name']:<44} {case['median']:>12,g} {row['unit']}  {more}", highlight=False)
    for target in row["targets"]:
        verdict = {True: "reached", False: "NOT reached", None: "not measured"}[target["reached"]]
        value = "–" if target["value"] is None else f"{target['value']:,g}"
        _console.print(f"  {target['what']}: {value} (reach {target['reach']}): {verdict}", highlight=False)
    if row["limited_by"]:
        _console.print(f"  limited by {row['limited_by']}", highlight=False)


if __name__ == "__main__":
    typer.run(bench)
