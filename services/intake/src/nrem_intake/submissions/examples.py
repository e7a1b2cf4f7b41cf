"""Request bodies of submissions as OpenAPI shows them: their schema, and an example that works."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from nrem_shared.contracts.submissions import SubmissionContent

CONTENT: dict[str, Any] = {
    "observations": [
        {"indicator": "VICT_REFERRED", "sex": "F", "age_group": "ADULT", "destination": "SERVICE_PROVIDER", "value": 2},
        {
            "indicator": "VICT_REFERRED", "sex": "M", "age_group": "ADULT", "destination": "SOCIAL_SERVICE",
            "value": None, "empty": "unknown", "comment": "Uzskaite sākta jūlijā",
        },
    ],
    "challenges": [
        {"code": "CH-vp-1", "text": {"lv": "Trūkst tulku", "en": "Interpreters are lacking"}, "state": "open"}
    ],
}  # fmt: skip

CORRECTION: dict[str, Any] = {
    "items": [
        {
            "observation": {
                "indicator": "VICT_REFERRED", "sex": "F", "age_group": "ADULT", "destination": "SERVICE_PROVIDER",
            },
            "old": 2,
            "new": 3,
            "reason": {"lv": "Viena persona ierakstīta vēlāk", "en": "One person was entered later"},
        }
    ]
}  # fmt: skip

_FIGURE = {
    "description": "A number; or a cell with `value`, `empty`, `comment`; or null where there was, or will be, none",
    "anyOf": [{"type": "integer", "minimum": 0}, {"type": "object"}, {"type": "null"}],
}
_TEXT = {
    "type": "object",
    "required": ["lv"],
    "properties": {"lv": {"type": "string"}, "en": {"type": ["string", "null"]}},
}


def content_body() -> dict[str, Any]:
    """The body of a submission."""
    return _body(inlined(SubmissionContent), CONTENT)


def bulk_body() -> dict[str, Any]:
    """The body of many submissions at once."""
    item = {
        "type": "object",
        "required": ["period", "member", "content"],
        "properties": {
            "period": {"type": "string"},
            "member": {"type": "string"},
            "revision": {"type": ["integer", "null"], "description": "The revision you saw; none for a first version"},
            "content": inlined(SubmissionContent),
        },
    }
    schema = {
        "type": "object",
        "required": ["submissions"],
        "properties": {"submissions": {"type": "array", "items": item, "minItems": 1, "maxItems": 200}},
    }
    return _body(schema, {"submissions": [{"period": "2026-Q3", "member": "vp", "content": CONTENT}]})


def correction_body() -> dict[str, Any]:
    """The body of a correction."""
    observation = {
        "type": "object",
        "required": ["indicator"],
        "additionalProperties": {"type": "string"},
        "properties": {"indicator": {"type": "string"}},
    }
    item = {
        "type": "object",
        "required": ["observation", "old", "new", "reason"],
        "properties": {"observation": observation, "old": _FIGURE, "new": _FIGURE, "reason": _TEXT},
    }
    schema = {
        "type": "object",
        "required": ["items"],
        "properties": {
            "items": {"type": "array", "minItems": 1, "items": item},
            "on_behalf": {**_TEXT, "description": "The coordinator's only: why it is entered on the member's behalf"},
        },
    }
    return _body(schema, CORRECTION)


def inlined(model: type[BaseModel]) -> dict[str, Any]:
    """The model's JSON Schema without references, to stand inside an OpenAPI document."""
    schema = model.model_json_schema()
    definitions = schema.pop("$defs", {})

    def resolve(node: Any) -> Any:
        if isinstance(node, dict):
            name = str(node.get("$ref", "")).rpartition("/")[2]
            return resolve(definitions[name]) if name else {key: resolve(value) for key, value in node.items()}
        return [resolve(item) for item in node] if isinstance(node, list) else node

    resolved: dict[str, Any] = resolve(schema)
    return resolved


def _body(schema: dict[str, Any], example: dict[str, Any]) -> dict[str, Any]:
    content = {"application/json": {"schema": schema, "example": example}}
    return {"requestBody": {"required": True, "content": content}}
