"""The form of an indicator: what it holds, and the indicator that it stands for. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nrem_shared.contracts.reference import CodeList, Indicator
from nrem_shared.contracts.submissions import OBSERVATION_FIELDS

MEASURES = ("flow", "stock")
QUARTERS_TO_YEAR = ("sum", "last", "not_additive")
ACROSS_REPORTERS = ("sum", "not_additive")
#: The code list that says what units are called.
UNITS = "unit"
LONGEST_LABEL = 500
_CODE = re.compile(r"[A-Z][A-Z0-9_]{0,39}")

_PLAIN = ("code", "unit", "measure", "quarters_to_year", "across_reporters", "valid_from", "valid_to")
_TEXTS = (*_PLAIN, "title_lv", "title_en", "reporters")


@dataclass(frozen=True, slots=True)
class Choices:
    """What may be chosen: dimension → its code list, units, institutions.

    `others` are those of the dimensions that no indicator has yet.
    """

    dimensions: Mapping[str, str]
    units: frozenset[str]
    institutions: frozenset[str]
    others: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class IndicatorForm:
    """What the form holds, as text; `reporters` is `all` or `some`, `reported_by` who reports where it is `some`."""

    values: Mapping[str, str]
    dimensions: tuple[str, ...] = ()
    reported_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wrong:
    """One mistake at a field; the message is `administration.fault_<code>`."""

    field: str
    code: str


def choices(indicators: Sequence[Indicator], codelists: Sequence[CodeList], institutions: Iterable[str]) -> Choices:
    """Dimensions are those that some indicator has, and every other code list by its own name; units are called
    something, or one has them."""
    used = {name: each.list_of(name) for each in indicators for name in each.dimensions}
    taken = {UNITS, *used, *used.values(), *OBSERVATION_FIELDS}
    others = {one.code: one.code for one in codelists if one.code not in taken}
    named = {entry.code for one in codelists if one.code == UNITS for entry in one.codes}
    return Choices(
        dimensions={**used, **others},
        units=frozenset(named | {each.unit for each in indicators}),
        institutions=frozenset(institutions),
        others=frozenset(others),
    )


def blank() -> IndicatorForm:
    """The form of an indicator that is to be added."""
    return IndicatorForm(dict.fromkeys(_TEXTS, ""))


def filled(item: Indicator) -> IndicatorForm:
    """The form of an indicator as it stands."""
    values = {name: str(getattr(item, name) or "") for name in _PLAIN}
    everybody = item.reported_by == "all"
    values |= {"title_lv": item.title.lv, "title_en": item.title.en or "", "reporters": "all" if everybody else "some"}
    return IndicatorForm(values, item.dimensions, () if everybody else tuple(item.reported_by))


def sent(form: Mapping[str, Any], dimensions: Sequence[Any], reported_by: Sequence[Any]) -> IndicatorForm:
    """What a browser sent."""
    values = {name: str(form.get(name, "")).strip() for name in _TEXTS}
    return IndicatorForm(values, tuple(map(str, dimensions)), tuple(map(str, reported_by)))


def wrong_with(form: IndicatorForm, known: Choices, taken: Iterable[str] = ()) -> tuple[Wrong, ...]:
    """Everything that has to be put right, in the order of the form; `taken` = codes that are in use."""
    values = form.values
    found = [Wrong(name, "missing") for name in ("code", "title_lv", "title_en") if not values[name]]
    found += [Wrong(name, "too_long") for name in ("title_lv", "title_en") if len(values[name]) > LONGEST_LABEL]
    if values["code"] and not _is_code(values["code"]):
        found.append(Wrong("code", "indicator_code"))
    elif values["code"] in taken:
        found.append(Wrong("code", "duplicate"))
    offered = {
        "unit": known.units,
        "measure": MEASURES,
        "quarters_to_year": QUARTERS_TO_YEAR,
        "across_reporters": ACROSS_REPORTERS,
        "reporters": ("all", "some"),
    }
    found += [Wrong(name, "choose") for name, allowed in offered.items() if values[name] not in allowed]
    if values["measure"] == "stock" and values["quarters_to_year"] == "sum":
        found.append(Wrong("quarters_to_year", "stock_summed"))
    if not set(form.dimensions) <= set(known.dimensions):
        found.append(Wrong("dimensions", "choose"))
    if values["reporters"] == "some" and not form.reported_by:
        found.append(Wrong("reported_by", "no_reporter"))
    if not set(form.reported_by) <= known.institutions:
        found.append(Wrong("reported_by", "choose"))
    return tuple(found)


def _is_code(text: str) -> bool:
    return _CODE.fullmatch(text) is not None


def indicator(form: IndicatorForm, known: Choices, before: Indicator | None) -> Indicator:
    """The indicator that a form without mistakes stands for; what the form does not hold stays as it was."""
    values = form.values
    kept = [name for name in (before.dimensions if before else ()) if name in form.dimensions]
    dimensions = (*kept, *(name for name in known.dimensions if name in form.dimensions and name not in kept))
    found = {name: known.dimensions[name] for name in dimensions if name in known.dimensions}
    kept_lists = before.dimension_lists if before else {}
    lists = {**{name: codes for name, codes in found.items() if codes != name}, **kept_lists}
    return Indicator.model_validate(
        {
            **(before.model_dump() if before else {}),
            **{name: values[name] for name in _PLAIN if values[name]},
            "title": {"lv": values["title_lv"], "en": values["title_en"]},
            "dimensions": dimensions,
            "dimension_lists": lists,
            "reported_by": "all" if values["reporters"] == "all" else _reporters(form, before),
        }
    )


def _reporters(form: IndicatorForm, before: Indicator | None) -> tuple[str, ...]:
    present = before.reported_by if before and before.reported_by != "all" else ()
    kept = [code for code in present if code in form.reported_by]
    return (*kept, *sorted(set(form.reported_by) - set(kept)))
