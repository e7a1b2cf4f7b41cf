"""The whole platform in containers: a quarter is played while processes come and go, and the figures stay the same."""

from __future__ import annotations

import json
import time
from typing import Any

import httpx
import pytest

from compose.stack import Stack

pytestmark = pytest.mark.timeout(1200)

Q1, Q2 = ("data/demo/submissions-2026-Q1.yaml", "data/demo/submissions-2026-Q2.yaml")
#: When the files say what was known.
KNOWN = {Q1: "2026-05-01T12:00", Q2: "2026-08-01T12:00"}

READS = (
    "/statistics/api/quarters/2026-Q1?as_known_on=2026-05-01",
    "/statistics/api/quarters/2026-Q1",
    "/statistics/api/quarters/2026-Q2",
    "/statistics/api/periods/2026-Q2/completeness",
    "/statistics/api/years",
    "/intake/api/submissions",
    "/plan/api/plans",
)

ROLES = [
    f"{service}-{role}"
    for service in ("intake", "statistics", "plan-tracker", "notifier")
    for role in ("relay", "consume", "api")
]
BESIDE = ["notifier-remind", "journals", "demonstration", "gateway"]
ONE_AT_A_TIME = [*ROLES, *BESIDE, "prometheus", "mailpit", "kafka", "postgres"]
STOP_SECONDS = 10.0


def figures(stack: Stack) -> dict[str, Any]:
    """Everything that a coordinator reads; what says when it was asked is left out."""
    with stack.client() as client:
        answers = {path: client.get(path).raise_for_status() for path in READS}
    assert not [path for path, each in answers.items() if each.headers.get("nrem-stale")]
    return {path: _lasting(each.json()) for path, each in answers.items()}


def _lasting(answer: Any) -> Any:
    if isinstance(answer, dict):
        return {name: value for name, value in answer.items() if name not in ("now", "asked_at", "known_on")}
    return answer


def test_every_container_is_confined(stack: Stack) -> None:
    for name, container in stack.containers().items():
        host = container["HostConfig"]
        assert host["ReadonlyRootfs"], name
        assert host["CapDrop"] == ["ALL"], name
        assert "no-new-privileges:true" in host["SecurityOpt"], name
        assert not host["Privileged"], name
        addresses = {each["HostIp"] for ports in host["PortBindings"].values() for each in ports}
        assert addresses <= {"127.0.0.1"}, name
        assert container["Config"]["User"].partition(":")[0] not in ("", "root", "0"), name


def test_prometheus_sees_every_process_and_no_alert_of_faults(stack: Stack) -> None:
    address = f"http://127.0.0.1:{stack.prometheus_port}/api/v1"
    deadline = time.monotonic() + 60
    while True:
        targets = httpx.get(f"{address}/targets?state=active", timeout=10).json()["data"]["activeTargets"]
        down = [each["labels"] for each in targets if each["health"] != "up"]
        if not down:
            break
        assert time.monotonic() < deadline, down
        time.sleep(1)
    assert len(targets) > len(ROLES)
    alerts = httpx.get(f"{address}/alerts", timeout=10).json()["data"]["alerts"]
    assert not [each for each in alerts if each["state"] == "firing" and each["labels"]["severity"] == "critical"]


def test_alert_rules_fire_where_they_must_and_nowhere_else(stack: Stack) -> None:
    stack.compose("exec", "-T", "prometheus", "promtool", "test", "rules", "/etc/prometheus/tests/nrem.yml")


def test_pages_are_linked_under_the_gateways_paths(stack: Stack) -> None:
    page = httpx.get(f"{stack.url}/statistics/years", timeout=30).raise_for_status().text
    assert 'href="/statistics/years?lang=en"' in page
    sign_in = httpx.get(f"{stack.url}/intake/queue", timeout=30, headers={"accept": "text/html"})
    assert sign_in.status_code == 307
    assert sign_in.headers["location"].endswith("next=%2Fintake%2Fqueue")
    assert httpx.get(f"{stack.url}/intake/metrics", timeout=30).status_code == 404


def test_a_quarter_is_played_and_has_the_figures_expected(stack: Stack) -> None:
    stack.timed("import-quarter 2026-Q1", lambda: stack.nrem("import-quarter", Q1))
    stack.nrem("clock", "advance", "--to", KNOWN[Q1])
    assert " 0 differ" in stack.nrem("check-quarter", Q1)


def test_a_quarter_is_played_while_relays_consumers_and_kafka_are_killed(stack: Stack) -> None:
    importing = stack.begin("run", "--rm", "-T", "nrem", "import-quarter", Q2)
    victims = [name for name in ROLES if not name.endswith("api")] + ["kafka"]
    killed = []
    while importing.poll() is None:
        victim = victims[len(killed) % len(victims)]
        stack.compose("kill", "--signal", "SIGKILL", victim)
        stack.compose("start", victim)
        killed.append(victim)
        stack.wait_until_healthy()
    output = importing.communicate()[0]
    assert importing.returncode == 0, output
    assert len(killed) >= 2, killed
    stack.wait_until_healthy()
    stack.nrem("clock", "advance", "--to", KNOWN[Q2])
    assert " 0 differ" in stack.nrem("check-quarter", Q2)
    assert " 0 differ" in stack.nrem("check-quarter", Q1)


@pytest.mark.parametrize("name", ONE_AT_A_TIME)
def test_a_container_stops_in_time_and_comes_back_with_the_same_figures(stack: Stack, name: str) -> None:
    before = figures(stack)
    took = stack.timed(f"stop {name}", lambda: stack.compose("stop", name))
    status = stack.containers()[name]["State"]
    assert took < STOP_SECONDS, took
    assert status["ExitCode"] in (0, 143), status  # neither killed nor failed
    assert not status["OOMKilled"]
    if name.endswith("-api"):
        _refuses_cleanly(stack, name)
    stack.compose("start", name)
    stack.timed(f"healthy after {name}", stack.wait_until_healthy)
    assert figures(stack) == before


def _refuses_cleanly(stack: Stack, name: str) -> None:
    bases = {"intake": "/intake", "statistics": "/statistics", "plan-tracker": "/plan", "notifier": "/reminders"}
    answer = httpx.get(f"{stack.url}{bases[name.removesuffix('-api')]}/health/live", timeout=60)
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert answer.json()["title"] == "Unavailable"


def test_services_may_start_in_any_order(stack: Stack) -> None:
    before = figures(stack)
    stack.compose("stop", limit=240)
    ids = {name: each["Id"] for name, each in stack.containers().items()}
    for group in ([*ROLES, *BESIDE], ["kafka"], ["postgres"], ["prometheus", "mailpit"]):
        stack.start_alone(*(ids[name] for name in group))
    stack.timed("healthy after a start in the wrong order", stack.wait_until_healthy)
    assert figures(stack) == before


def test_nothing_is_missing_at_the_end(stack: Stack) -> None:
    stack.nrem("status")
    stack.nrem("verify-journal")
    stack.nrem("dead-letters", "list")
    print(json.dumps({what: round(took, 1) for what, took in stack.times.items()}, indent=1))
