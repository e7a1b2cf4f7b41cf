"""A small real service for tests of the runtime: it decides labels and projects them back from the bus.

It may take any service's name, so that the registry gives it that service's event types; as `intake` it decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import FastAPI

from nrem_shared.contracts.topics import MEMBERS, PERIODS
from nrem_shared.runtime.identity import PUBLIC, Rule
from nrem_shared.runtime.service import Blueprint
from support.echo import api, handlers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nrem_shared.runtime.projection.batch import TopicHandler

PROJECTS = {MEMBERS: handlers.apply_labels, PERIODS: handlers.apply_periods}

RULES = {
    "POST /api/labels": PUBLIC,
    "GET /api/labels/{code}": PUBLIC,
    "GET /api/mine": Rule("member"),
    "POST /api/mine": Rule("member"),
    "GET /api/broken": PUBLIC,
}


def _nothing(_app: FastAPI) -> None:
    """No pages."""


def blueprint(
    name: str = "intake", projects: Mapping[str, TopicHandler] = PROJECTS, rules: Mapping[str, Rule] = RULES
) -> Blueprint:
    """The echo under the name of a service."""
    return Blueprint(
        name=name,
        package="support.echo",
        base_path=f"/{name}",
        title="Echo",
        routers=[api.router],
        rules=rules,
        install=_nothing,
        projects=projects,
    )
