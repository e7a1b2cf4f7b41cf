"""What a newer JSON Schema no longer allows or no longer tells: published contracts only grow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]

#: Bounds by which way they narrow: a larger lower bound, a smaller upper one.
LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
WIDER = {("integer", "number")}


def shrinkage(old: Schema, new: Schema) -> list[str]:
    """Every way in which `new` has lost a field of `old`, or refuses what `old` took; empty where it only grew."""
    return list(_Comparison(old, new).compare(old, new, ""))


class _Comparison:
    """Follows references within either document; each pair of definitions is compared once."""

    def __init__(self, old: Schema, new: Schema) -> None:
        self._old, self._new = old, new
        self._seen: set[tuple[str, str]] = set()

    def compare(self, old: Schema, new: Schema, at: str) -> Iterator[str]:
        pair = (old.get("$ref", ""), new.get("$ref", ""))
        if all(pair):
            if pair in self._seen:
                return
            self._seen.add(pair)
        old_variants, new_variants = _variants(old, self._old), _variants(new, self._new)
        for variant in old_variants:
            outcomes = [list(self._single(variant, candidate, at)) for candidate in new_variants]
            if not any(outcome == [] for outcome in outcomes):
                yield from min(outcomes, key=len)

    def _single(self, old: Schema, new: Schema, at: str) -> Iterator[str]:
        if "$ref" in old or "$ref" in new or "anyOf" in old or "oneOf" in old:
            yield from self.compare(old, new, at)
            return
        old_type, new_type = old.get("type"), new.get("type")
        if new_type is not None and old_type != new_type and (old_type, new_type) not in WIDER:
            yield f"{at or '/'}: was {old_type or 'anything'}, is {new_type}"
            return
        yield from _values(old, new, at)
        yield from _bounds(old, new, at)
        yield from self._object(old, new, at)
        yield from self._array(old, new, at)

    def _object(self, old: Schema, new: Schema, at: str) -> Iterator[str]:
        before, now = old.get("properties", {}), new.get("properties", {})
        for name, schema in before.items():
            if name not in now:
                yield f"{at}/{name}: was removed"
            else:
                yield from self.compare(schema, now[name], f"{at}/{name}")
        for name in sorted(set(new.get("required", ())) - set(old.get("required", ()))):
            yield f"{at}/{name}: is required now"
        others_before, others_now = old.get("additionalProperties", True), new.get("additionalProperties", True)
        if others_before is not False and others_now is False:
            yield f"{at or '/'}: further fields are refused now"
        elif isinstance(others_now, Mapping):
            yield from self.compare(others_before if isinstance(others_before, Mapping) else {}, others_now, f"{at}/*")

    def _array(self, old: Schema, new: Schema, at: str) -> Iterator[str]:
        if "items" in new:
            yield from self.compare(old.get("items", {}), new["items"], f"{at}/-")


def _variants(schema: Schema, root: Schema) -> list[Schema]:
    """The alternatives of a schema, with references followed."""
    if "$ref" in schema:
        return _variants(root["$defs"][schema["$ref"].rpartition("/")[2]], root)
    for word in ("anyOf", "oneOf"):
        if word in schema:
            return [variant for one in schema[word] for variant in _variants(one, root)]
    return [schema]


def _values(old: Schema, new: Schema, at: str) -> Iterator[str]:
    """Enumerations and constants."""
    if (now := _allowed(new)) is None:
        return
    if (before := _allowed(old)) is None:
        yield f"{at or '/'}: only {now} are allowed now"
    elif lost := [value for value in before if value not in now]:
        yield f"{at or '/'}: {', '.join(map(repr, lost))} no longer allowed"


def _allowed(schema: Schema) -> list[Any] | None:
    return [schema["const"]] if "const" in schema else schema.get("enum")


def _bounds(old: Schema, new: Schema, at: str) -> Iterator[str]:
    for word in LOWER:
        if word in new and (word not in old or new[word] > old[word]):
            yield f"{at or '/'}: {word} was {old.get(word, 'open')}, is {new[word]}"
    for word in UPPER:
        if word in new and (word not in old or new[word] < old[word]):
            yield f"{at or '/'}: {word} was {old.get(word, 'open')}, is {new[word]}"
    for word in ("pattern", "format"):
        if word in new and new[word] != old.get(word):
            yield f"{at or '/'}: {word} was {old.get(word, 'open')}, is {new[word]}"
