"""From a record's value to the rows of the end table, as a careful programmer would do it without the platform."""

from __future__ import annotations

import json
from typing import Any

FIELDS = {"indicator", "value", "empty", "comment"}
COLUMNS = (
    "period", "member", "version", "indicator", "dimension_key", "dimensions", "value", "empty", "comment",
)  # fmt: skip


def rows_of(event: dict[str, Any]) -> list[tuple[Any, ...]]:
    """One row an observation; dimensions in alphabetical order."""
    data = event["data"]
    return [
        (
            data["period"], data["member"], data["version"], one["indicator"],
            "|".join(f"{name}={one[name]}" for name in sorted(one.keys() - FIELDS)),
            json.dumps({name: one[name] for name in sorted(one.keys() - FIELDS)}),
            one["value"], one.get("empty"), one.get("comment"),
        )
        for one in data["content"]["observations"]
    ]  # fmt: skip


INSERT = """
insert into projection.observation
       (period, member, version, indicator, dimension_key, dimensions, value, empty, comment)
values ($1, $2, $3, $4, $5, $6::text::jsonb, $7, $8, $9) on conflict do nothing
"""
UNNEST = """
insert into projection.observation
       (period, member, version, indicator, dimension_key, dimensions, value, empty, comment)
select period, member, version, indicator, dimension_key, dimensions::jsonb, value, empty, comment
  from unnest($1::text[], $2::text[], $3::integer[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::text[],
              $9::text[])
       as new (period, member, version, indicator, dimension_key, dimensions, value, empty, comment)
on conflict do nothing
"""
