"""Layers, their back ends in the summary, and no silent skips."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import structlog
from hypothesis import HealthCheck, settings

from support.servers import SERVED

LAYERS = ("unit", "contracts", "integration", "faults", "e2e")
_SKIPPED = pytest.StashKey[list[str]]()

# A real database behind an example has no steady pace; what was found once is found again in every run.
settings.register_profile("nrem", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("nrem")


# To the standard library's loggers, whose records pytest keeps for each test.
structlog.configure(
    processors=[
        structlog.stdlib.add_log_level,
        structlog.processors.format_exc_info,
        structlog.processors.KeyValueRenderer(key_order=["level", "event"]),
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
)


def pytest_configure(config: pytest.Config) -> None:
    config.stash[SERVED] = {}
    config.stash[_SKIPPED] = []
    config.pluginmanager.register(_Skips(config), "nrem-skips")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test's layer is its folder."""
    here = Path(__file__).parent
    for item in items:
        layer = item.path.relative_to(here).parts[0]
        if layer in LAYERS:
            item.add_marker(getattr(pytest.mark, layer))


class _Skips:
    """Keeps account of everything that was skipped, also whole modules."""

    def __init__(self, config: pytest.Config) -> None:
        self._skipped = config.stash[_SKIPPED]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped and not hasattr(report, "wasxfail"):
            self._skipped.append(report.nodeid)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped:
            self._skipped.append(report.nodeid)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if (output := getattr(session.config, "workeroutput", None)) is not None:  # one of several side by side
        output["served"] = {layer: sorted(found) for layer, found in session.config.stash[SERVED].items()}
    forbidden = os.environ.get("NREM_TEST_NO_SKIP") == "1" and session.config.stash[_SKIPPED]
    if forbidden and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """What served the layers of a worker that has ended."""
    for layer, found in getattr(node, "workeroutput", {}).get("served", {}).items():
        node.config.stash[SERVED].setdefault(layer, set()).update(found)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    ran: dict[str, int] = {}
    for reports in terminalreporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport) and report.when == "call":
                layer = next((part for part in Path(report.nodeid).parts if part in LAYERS), None)
                if layer:
                    ran[layer] = ran.get(layer, 0) + 1
    for layer in (name for name in LAYERS if name in ran):
        served = ", ".join(sorted(config.stash[SERVED].get(layer, set()))) or "none"
        terminalreporter.write_line(f"backend {layer}: {served} ({ran[layer]} tests)")
    if os.environ.get("NREM_TEST_NO_SKIP") == "1":
        for nodeid in config.stash[_SKIPPED]:
            terminalreporter.write_line(f"skipped, which NREM_TEST_NO_SKIP forbids: {nodeid}", red=True)
