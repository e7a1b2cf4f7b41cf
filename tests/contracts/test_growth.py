"""Published contracts only grow: compared with what was committed before, nothing is removed, renamed or narrowed."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import Any

import pytest
from pydantic import BaseModel, Field

from nrem_shared import schemas
from nrem_shared.contracts.registry import EVENT_TYPES
from nrem_shared.runtime.asyncapi import event_schema
from support.growth import shrinkage


def git(*arguments: str) -> str:
    """What git says; empty where the folder is no checkout or git is not installed."""
    if shutil.which("git") is None:
        return ""
    done = subprocess.run(["git", *arguments], cwd=schemas.FOLDER, capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else ""


def committed_before(name: str, present: dict[str, Any]) -> dict[str, Any] | None:
    """The newest committed version of a schema that differs from the present one; null where there is none."""
    for commit in git("log", "-n", "20", "--format=%H", "--", f"{name}.json").split():
        text = git("show", f"{commit}:./{name}.json")
        if text and (schema := json.loads(text)) != present:
            found: dict[str, Any] = schema
            return found
    return None


@pytest.mark.parametrize("name", EVENT_TYPES)
def test_the_schema_has_only_grown_since_it_was_last_committed(name: str) -> None:
    present = event_schema(name)
    before = committed_before(name, present)
    assert before is None or shrinkage(before, present) == []


def test_no_published_event_type_was_dropped() -> None:
    committed = {path for path in git("ls-tree", "--name-only", "HEAD", "./").split() if path != "asyncapi.json"}
    assert committed <= {f"{name}.json" for name in EVENT_TYPES}


class Inner(BaseModel):
    code: str = Field(pattern="^[a-z]+$", max_length=10)
    count: int | None = None


class Outer(BaseModel):
    name: str
    inner: Inner
    parts: list[Inner] = []
    kind: str = Field(json_schema_extra={"enum": ["a", "b"]})
    by_code: dict[str, int] = {}


OUTER = Outer.model_json_schema()


def changed(path: str, value: Any) -> dict[str, Any]:
    """The schema with one place set, or removed where `value` is `...`."""
    copy = json.loads(json.dumps(OUTER))
    *way, last = path.split("/")
    place = copy
    for step in way:
        place = place[int(step)] if isinstance(place, list) else place[step]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return copy


@pytest.mark.parametrize(
    ("path", "value", "finding"),
    [
        ("properties/name", ..., "/name: was removed"),
        ("$defs/Inner/properties/count", ..., "/inner/count: was removed"),
        ("properties/name/type", "integer", "/name: was string, is integer"),
        ("$defs/Inner/properties/count", {"type": "integer"}, "/inner/count: was null, is integer"),
        ("$defs/Inner/required", ["code", "count"], "/inner/count: is required now"),
        ("$defs/Inner/properties/code/pattern", "^[a-m]+$", "/inner/code: pattern was ^[a-z]+$, is ^[a-m]+$"),
        ("$defs/Inner/properties/code/maxLength", 5, "/inner/code: maxLength was 10, is 5"),
        ("properties/name/minLength", 1, "/name: minLength was open, is 1"),
        ("properties/kind/enum", ["a", "c"], "/kind: 'b' no longer allowed"),
        ("properties/name/const", "x", "/name: only ['x'] are allowed now"),
        ("properties/parts/items", {"type": "string"}, "/parts/-: was object, is string"),
        ("properties/by_code/additionalProperties", {"type": "boolean"}, "/by_code/*: was integer, is boolean"),
        ("additionalProperties", False, "/: further fields are refused now"),
        ("properties/inner", {"type": "string"}, "/inner: was object, is string"),
    ],
)
def test_the_check_finds(path: str, value: Any, finding: str) -> None:
    assert finding in shrinkage(OUTER, changed(path, value))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("properties/new", {"type": "string"}),
        ("$defs/Inner/properties/new", {"type": "integer"}),
        ("$defs/Inner/required", []),
        ("$defs/Inner/properties/code/maxLength", 20),
        ("$defs/Inner/properties/code/pattern", ...),
        ("properties/kind/enum", ["b", "a", "c"]),
        ("properties/by_code/additionalProperties", {"type": "number"}),
        ("properties/name", {"anyOf": [{"type": "null"}, {"type": "string"}]}),
        ("description", "said better"),
        ("properties/name", {"title": "Called", "type": "string"}),
    ],
)
def test_the_check_lets_grow(path: str, value: Any) -> None:
    assert shrinkage(OUTER, changed(path, value)) == []


def test_a_schema_that_refers_to_itself_can_be_compared() -> None:
    class Tree(BaseModel):
        label: str
        branches: list[Tree] = []

    Tree.model_rebuild(_types_namespace={"Tree": Tree})
    schema = Tree.model_json_schema()
    assert shrinkage(schema, schema) == []
    pruned = json.loads(json.dumps(schema))
    del pruned["$defs"]["Tree"]["properties"]["label"]
    assert shrinkage(schema, pruned) == ["/label: was removed"]
