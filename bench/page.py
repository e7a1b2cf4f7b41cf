"""docs/benchmarks.md and its pictures, written from the figures of one run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.charts import bars

HEAD = """# Benchmarks

Written by `make bench` from `bench/results/latest.json`; not edited by hand. Ours, the peers and the limits ran in one
run on one machine, back and forth; figures are medians, ratios are those of the same repetition. Durability was on:
`fsync`, `synchronous_commit`, `acks=all`, idempotent producers. Every case's end table was compared with the others',
or every acknowledgement counted. Clients, broker, database and load generator shared the machine's cores. Where the
time goes, where a figure was not reached: [performance.md](performance.md).
"""
VERDICTS = {True: "reached", False: "**not reached**", None: "not measured"}


def write_page(measured: dict[str, Any], docs: Path) -> None:
    """The page, and one picture a row."""
    (docs / "images").mkdir(parents=True, exist_ok=True)
    for row in measured["rows"]:
        (docs / "images" / f"bench-{row['row']}.svg").write_text(bars(row))
    (docs / "benchmarks.md").write_text("\n".join(_lines(measured)) + "\n")


def _lines(measured: dict[str, Any]) -> Iterator[str]:
    machine = measured["machine"]
    yield HEAD
    yield (
        f"**Machine.** {machine['cores']} cores ({machine['processor']}), {machine['memory_gib']} GiB, "
        f"{machine['system']}; Python {machine['python']}, Apache Kafka {machine['kafka']} (one broker), PostgreSQL "
        f"{machine['postgresql']}; " + ", ".join(f"{name} {of}" for name, of in machine["packages"].items()) + ". "
        f"{measured['repetitions']} repetitions."
    )
    yield "\n## What was to be reached\n\n| row | figure | reach | measured | |\n|---|---|---|---|---|"
    for row in measured["rows"]:
        for target in row["targets"]:
            value = "–" if target["value"] is None else f"{target['value']:,g}"
            yield f"| {row['row']} | {target['what']} | {target['reach']} | {value} | {VERDICTS[target['reached']]} |"
    for row in measured["rows"]:
        yield from _row(row)


def _row(row: dict[str, Any]) -> Iterator[str]:
    yield f"\n## {row['title']}\n\n{row['size'][0].upper()}{row['size'][1:]}. " + " ".join(row["notes"])
    yield f"\n![{row['title']}](images/bench-{row['row']}.svg)\n"
    yield f"| case | | {row['unit']} | lowest–highest | further |\n|---|---|---|---|---|"
    for case in row["cases"]:
        spread = f"{min(case['values']):,g}–{max(case['values']):,g}"
        more = ", ".join(f"{name} {value:,g}" for name, value in case["more"].items())
        yield f"| {case['name']} | {case['kind']} | {case['median']:,g} | {spread} | {more} |"
    if row["limited_by"]:
        yield f"\nWhat limits ours: {row['limited_by']}."
