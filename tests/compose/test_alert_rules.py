"""Alerts, run-books, scrape targets and containers belong together: nothing is named that is not there."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import CollectorRegistry

from nrem_notifier.metrics import NotifierMetrics
from nrem_shared.runtime.metrics import JournalMetrics, ProjectionMetrics, RequestMetrics

ROOT = Path(__file__).resolve().parents[2]
PROMETHEUS = ROOT / "deploy" / "prometheus"


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


ALERTS = [rule for group in read(PROMETHEUS / "rules" / "nrem.yml")["groups"] for rule in group["rules"]]
COMPOSE = read(ROOT / "docker-compose.yml")["services"]


def known_metrics() -> set[str]:
    registry = CollectorRegistry()
    for kind in (RequestMetrics, JournalMetrics, ProjectionMetrics, NotifierMetrics):
        kind(registry)
    spec = importlib.util.spec_from_file_location("verifying", ROOT / "deploy" / "containers" / "verifying.py")
    assert spec is not None
    assert spec.loader is not None
    verifying = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(verifying)
    verifying.VerificationMetrics(registry)
    found = {metric.name: metric.type for metric in registry.collect()}
    return {name + "_total" if kind == "counter" else name for name, kind in found.items()}


@pytest.mark.parametrize("rule", ALERTS, ids=lambda rule: str(rule["alert"]))
def test_an_alert_has_a_page_and_a_test_and_asks_for_metrics_that_exist(rule: dict[str, Any]) -> None:
    assert set(re.findall(r"\bnrem_[a-z_]+", rule["expr"])) <= known_metrics()
    page = (ROOT / rule["annotations"]["runbook"]).read_text("utf-8")
    assert rule["alert"] in page
    tested = [
        case
        for test in read(PROMETHEUS / "tests" / "nrem.yml")["tests"]
        for case in test["alert_rule_test"]
        if case["alertname"] == rule["alert"]
    ]
    assert any(case["exp_alerts"] for case in tested)
    assert any(not case["exp_alerts"] for case in tested)


def test_every_process_is_scraped_under_its_name() -> None:
    jobs = read(PROMETHEUS / "prometheus.yml")["scrape_configs"]
    scraped = {
        target.partition(":")[0]
        for job in jobs
        if job["job_name"] == "nrem"
        for each in job["static_configs"]
        for target in each["targets"]
    }
    kinds = ("-api", "-relay", "-consume", "-remind")
    assert scraped == {name for name in COMPOSE if name.endswith(kinds)} | {"journals"}


def test_every_run_book_belongs_to_an_alert() -> None:
    pages = {path.name for path in (ROOT / "docs" / "runbooks").glob("*.md")} - {"README.md"}
    assert pages == {Path(rule["annotations"]["runbook"]).name for rule in ALERTS}
