"""No form limits what people type where it is read: what is too long comes back at its field, with what was typed."""

from __future__ import annotations

from collections.abc import Iterator

from annotated_types import MaxLen
from fastapi import params
from fastapi.routing import APIRoute, APIRouter

from nrem_embedded.platform.composition import BLUEPRINTS
from nrem_shared.web.typed import LARGEST_TEXT

#: Fields that nobody types into: a page put them there, or a box was ticked.
GIVEN = {
    "aside", "at", "check", "chosen", "client_id", "client_secret", "confirmed", "content", "digest", "grant_type",
    "key", "member", "next", "places", "right", "sections", "standing", "stream", "texts", "upload",
}  # fmt: skip


def routes(router: APIRouter) -> Iterator[APIRoute]:
    for route in router.routes:
        if isinstance(route, APIRoute):
            yield route
        elif isinstance(getattr(route, "original_router", None), APIRouter):
            yield from routes(route.original_router)


def fields() -> Iterator[tuple[str, str, int]]:
    """(path, field, longest) of every field of a form that its route bounds."""
    for blueprint, _ in BLUEPRINTS.values():
        for router in blueprint.routers:
            for route in routes(router):
                for field in route.dependant.body_params:
                    bounds = [one.max_length for one in field.field_info.metadata if isinstance(one, MaxLen)]
                    if isinstance(field.field_info, params.Form) and bounds:
                        yield f"{blueprint.name} {route.path}", field.name, min(bounds)


def test_a_form_is_read_whole_however_long_its_texts_are() -> None:
    found = list(fields())
    assert any(longest == LARGEST_TEXT for _, _, longest in found), "texts were found at all"
    assert [(path, name) for path, name, longest in found if name not in GIVEN and longest < LARGEST_TEXT] == []
