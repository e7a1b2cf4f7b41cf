"""What codes of the register and of reference data are called, for pages that would otherwise show codes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from nrem_intake.administration.domain.indicator_form import ACROSS_REPORTERS, MEASURES, QUARTERS_TO_YEAR, UNITS
from nrem_intake.members import store as members_store
from nrem_intake.reference import store as reference_store

if TYPE_CHECKING:
    from nrem_shared.runtime.database import Connection

#: A value's name: a text in both languages, or the id of a message.
Name = Mapping[str, str] | str
#: Field of an indicator → its values → what they are called.
Names = Mapping[str, Mapping[str, Name]]

#: Working groups are named by the year in which they were founded; others stand as they are.
_GROUP = re.compile(r"working_group_(\d{4})")


async def names_of(conn: Connection) -> Names:
    """Units, divisions, institutions and rules of adding up by the fields of an indicator that hold them."""
    institutions = {
        code: item.name.model_dump() for code, (_, item) in (await members_store.institutions(conn)).items()
    }
    codelists = await reference_store.of_kind(conn, "codelist")
    titles: dict[str, Name] = {each["code"]: each["title"] for each in codelists}
    for each in await reference_store.of_kind(conn, "indicator"):
        lists = each.get("dimension_lists", {})
        titles |= {name: titles[lists[name]] for name in lists if lists[name] in titles}
    return {
        "unit": {
            entry["code"]: entry["label"] for each in codelists if each["code"] == UNITS for entry in each["codes"]
        },
        "dimensions": titles,
        "reported_by": {"all": "administration.everybody", **institutions},
        **{
            field: {value: f"administration.{field}_{value}" for value in values}
            for field, values in (
                ("measure", MEASURES),
                ("quarters_to_year", QUARTERS_TO_YEAR),
                ("across_reporters", ACROSS_REPORTERS),
            )
        },
    }


def group_years(groups: Iterable[str]) -> dict[str, str]:
    """Code of a working group → the year it was founded, of those whose code says it."""
    return {group: found[1] for group in groups if (found := _GROUP.fullmatch(group))}
