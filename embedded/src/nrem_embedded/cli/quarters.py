"""`nrem import-quarter` and `nrem check-quarter`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nrem_embedded.cli.clock import local
from nrem_embedded.cli.options import DEFAULT_STATE, State
from nrem_embedded.cli.outcome import DIFFERS, finish, out

if TYPE_CHECKING:
    from nrem_embedded.checking.quarter import Checked
    from nrem_embedded.cli.access import Access
    from nrem_embedded.demonstration.player import Happened, Player
    from nrem_embedded.demonstration.quarter_files import QuarterFile
    from nrem_embedded.documents import Document

File = Annotated[
    Path, typer.Argument(help="A quarter in the format of data/demo/submissions-2026-Q1.yaml.", dir_okay=False)
]
Files = Annotated[
    list[Path], typer.Argument(help="Quarters in the format of data/demo/submissions-2026-Q1.yaml.", dir_okay=False)
]
Data = Annotated[Path | None, typer.Option(help="The folder with the calendar.", envvar="NREM_DATA")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("import-quarter")(import_quarter)
    app.command("check-quarter")(check_quarter)


def import_quarter(file: File, data: Data = None, state: State = DEFAULT_STATE) -> None:
    """Let a quarter happen: every submission, correction and decision of a file, in the order of their times.

    The demonstration's clock moves along; whatever is scheduled before happens first. A file whose times lie behind
    the clock is refused, and so is one that needs an earlier quarter which is not there.

    Example:

        nrem import-quarter data/demo/submissions-2026-Q1.yaml
    """
    finish(_import(state, file, data))


def check_quarter(files: Files, state: State = DEFAULT_STATE) -> None:
    """Compare every figure that quarters' files expect with what the services answer, as known when the files say.

    Prints `compared N values, D differ` for each file, and each difference. Exit status 1 where anything differs, could
    not be mapped, or lies ahead of the clock.

    Examples:

        nrem check-quarter data/demo/submissions-2026-Q2.yaml

        nrem check-quarter data/demo/submissions-*.yaml
    """
    finish(_check(state, files))


async def _import(state: Path, file: Path, data: Path | None) -> int:
    from nrem_embedded.cli.access import find
    from nrem_embedded.demonstration.player import counted
    from nrem_embedded.demonstration.quarter_files import read_quarter
    from nrem_embedded.demonstration.scenario import steps_of
    from nrem_embedded.documents import BadDocument
    from nrem_embedded.project_data import data_folder

    (quarter, document), access = read_quarter(file), find(state)
    async with access.speaking() as institutions:
        folder = data or data_folder()
        await _refuse_gaps(access, institutions, quarter, document, folder)
        player = _player(access, institutions, quarter, folder)
        now = await player.now()
        behind = _behind(quarter, document, now)
        if behind:
            raise BadDocument(*behind)
        steps = list(steps_of(quarter))
        if not steps:
            raise BadDocument(document.fault("/submissions", "there is nothing in it"))
        happened = await _play(player, max(step.at for step in steps), now)
    done, skipped = counted(happened)
    out().print(f"{quarter.period}: {done} done, {skipped} passed over; the clock stands at {local(happened[-1].at)}")
    return 0


def _player(access: Access, institutions: Any, quarter: QuarterFile, data: Path) -> Player:
    from nrem_embedded.calendar import PlatformCalendar
    from nrem_embedded.demonstration.player import Player
    from nrem_embedded.demonstration.scenario import demonstration_scenario, steps_of

    calendar = PlatformCalendar.from_folder(data)
    content = access.installation.content if access.installation else "empty"
    scheduled = demonstration_scenario(data, calendar, quarter.group, content)
    return Player(institutions, scheduled.together_with(steps_of(quarter)), calendar)


async def _play(player: Player, until: datetime, now: datetime) -> list[Happened]:
    from nrem_embedded.demonstration.player import stops
    from nrem_embedded.platform.screen import Screen

    screen = Screen(out())
    happened = []
    with screen.part("Importing", len(stops(player.scenario, player.calendar, now, until))) as part:
        async for each in player.play(until):
            happened.append(each)
            part.advance(1, local(each.at))
            for step, outcome, why in each.steps:
                if outcome == "skipped":
                    screen.console.print(f"  passed over: {step.key}: {why}", markup=False)
    return happened


def _behind(quarter: QuarterFile, document: Document, now: datetime) -> list[Any]:
    """A fault for each time in the file that the clock has passed."""
    parts = (("submissions", quarter.submissions), ("corrections", quarter.corrections))
    return [
        document.fault(
            f"/{section}/{place}/submitted_at",
            f"{version.id} is from {local(version.submitted_at)}, and the clock stands at {local(now)} already",
        )
        for section, versions in parts
        for place, version in enumerate(versions)
        if version.submitted_at < now
    ]


async def _refuse_gaps(access: Access, institutions: Any, quarter: QuarterFile, document: Document, data: Path) -> None:
    """Raise BadDocument where the file refers to quarters that are not there, or there is no key of a member."""
    from nrem_embedded.demonstration.needs import needed_quarters
    from nrem_embedded.demonstration.steps import COORDINATOR
    from nrem_embedded.documents import BadDocument

    for version in (*quarter.submissions, *quarter.corrections):
        access.key_of(version.member)
    reported = {
        each["period"] for each in (await institutions.do(COORDINATOR, "GET", "/intake/api/submissions")).json()
    }
    missing = {period: pointer for period, pointer in needed_quarters(quarter).items() if period not in reported}
    if missing and not _scheduled(access, missing, data):
        raise BadDocument(
            *(
                document.fault(pointer, f"this needs {period}, which has not been imported: import {period} first")
                for period, pointer in missing.items()
            )
        )


def _scheduled(access: Access, missing: Mapping[str, str], data: Path) -> bool:
    """Whether the demonstration itself brings the missing quarters before the file's own times."""
    if access.installation is None or access.installation.content != "demonstration":
        return False
    from nrem_embedded.demonstration.quarter_files import quarter_paths

    return set(missing) <= {path.stem.removeprefix("submissions-") for path in quarter_paths(data)}


async def _check(state: Path, files: Sequence[Path]) -> int:
    from nrem_embedded.checking.quarter import check_quarter as compare_quarter
    from nrem_embedded.cli.access import find
    from nrem_embedded.demonstration.quarter_files import read_quarter
    from nrem_embedded.documents import BadDocument

    quarters, access = [read_quarter(file) for file in files], find(state)
    if faults := [doc.fault("", "it has no `expected` to compare with") for q, doc in quarters if q.expected is None]:
        raise BadDocument(*faults)
    passed = True
    async with access.speaking() as institutions:
        now = datetime.fromisoformat((await institutions.do("coordinator", "GET", "/intake/api/clock")).json()["now"])
        for quarter, _ in quarters:
            checked = await compare_quarter(institutions, quarter.period, quarter.expected or {}, now)
            _tell(quarter.period, checked, now)
            passed &= checked.passed
    return 0 if passed else DIFFERS


def _tell(period: str, checked: Checked, now: datetime) -> None:
    for name, known_on in checked.not_reached:
        text = f"{name}: known on {local(known_on)}, the clock has only reached {local(now)}: not compared"
        out().print(f"{text}; nrem clock advance --to {known_on:%Y-%m-%dT%H:%M}", markup=False)
    for difference in checked.comparison.differences:
        out().print(f"{difference.path}: {difference.what}", markup=False)
    compared, differences = checked.comparison.compared, checked.comparison.differences
    out().print(f"{period}: compared {compared} values, {len(differences)} differ", markup=False)
