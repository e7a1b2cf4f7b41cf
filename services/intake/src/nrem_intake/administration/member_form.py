"""The form of one institution: what it holds, and the institution that it stands for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from nrem_intake.administration.forms import faults_of
from nrem_shared.contracts.members import InstitutionRegistered
from nrem_shared.web.forms import FieldError

#: Empty rows for memberships that begin.
EMPTY_ROWS = 1
MOST_ROWS = 20
_PLAIN = ("code", "abbreviation", "kind", "counting_route", "language")
_ROW = ("group", "since", "until", "role")


@dataclass(frozen=True, slots=True)
class Row:
    """One stretch of membership as the form holds it."""

    group: str = ""
    since: str = ""
    until: str = ""
    role: str = "member"

    @property
    def empty(self) -> bool:
        """Whether nothing was filled in."""
        return not (self.group or self.since or self.until)


@dataclass(frozen=True, slots=True)
class MemberForm:
    """What the form holds, as text."""

    values: Mapping[str, str]
    rows: tuple[Row, ...]
    sign_off: bool = False
    reports_for: tuple[str, ...] = ()


def blank() -> MemberForm:
    """The form of an institution that is to be registered."""
    names = (*_PLAIN, "name_lv", "name_en", "parent")
    return MemberForm({**dict.fromkeys(names, ""), "counting_route": "none", "language": "lv"}, (Row(),))


def filled(item: InstitutionRegistered) -> MemberForm:
    """The form of an institution as it stands, with a row for a membership that begins."""
    values = {name: str(getattr(item, name)) for name in _PLAIN}
    values |= {"name_lv": item.name.lv, "name_en": item.name.en or "", "parent": item.parent or ""}
    rows = [Row(m.group, m.since.isoformat(), m.until.isoformat() if m.until else "", m.role) for m in item.memberships]
    return MemberForm(values, (*rows, *(Row() for _ in range(EMPTY_ROWS))), item.sign_off, item.reports_for)


def sent(form: Mapping[str, Any], code: str | None, reports_for: Sequence[Any] = ()) -> MemberForm:
    """What a browser sent; `code` where it is known already, `reports_for` every organisation that was ticked."""
    names = (*_PLAIN, "name_lv", "name_en", "parent")
    values = {name: str(form.get(name, "")).strip() for name in names}
    if code is not None:
        values["code"] = code
    rows = []
    for place in range(MOST_ROWS):
        if f"membership-{place}-group" not in form:
            break
        rows.append(Row(**{name: str(form.get(f"membership-{place}-{name}", "")).strip() for name in _ROW}))
    return MemberForm(values, tuple(rows), form.get("sign_off") == "yes", tuple(str(one) for one in reports_for))


def institution(
    form: MemberForm, before: InstitutionRegistered | None
) -> tuple[InstitutionRegistered | None, list[FieldError]]:
    """The institution that the form stands for, or everything that is wrong with it."""
    values = form.values
    document: dict[str, Any] = {
        **(before.model_dump() if before else {}),
        **{name: values.get(name, "") for name in _PLAIN},
        "name": {"lv": values.get("name_lv", ""), "en": values.get("name_en") or None},
        "parent": values.get("parent") or None,
        "sign_off": form.sign_off,
        "reports_for": sorted(form.reports_for),
        "memberships": [_membership(row) for row in form.rows if not row.empty],
    }
    if not values.get("abbreviation"):
        document.pop("abbreviation", None)
    try:
        return InstitutionRegistered.model_validate(document), []
    except ValidationError as error:
        return None, faults_of([dict(each) for each in error.errors()], lambda at: _field(at, form))


def _membership(row: Row) -> dict[str, Any]:
    given = {"group": row.group, "since": row.since, "until": row.until, "role": row.role}
    return {name: value for name, value in given.items() if value}


def field_at(pointer: str, form: MemberForm) -> str | None:
    """The field that a pointer into a list of one institution leads to."""
    parts = [int(part) if part.isdecimal() else part for part in pointer.split("/")[2:]]
    return _field(tuple(parts), form) if parts else None


def _field(at: tuple[Any, ...], form: MemberForm) -> str:
    if at[:1] == ("memberships",) and len(at) > 1:
        kept = [place for place, row in enumerate(form.rows) if not row.empty]
        name = at[2] if len(at) > 2 else "group"
        return f"membership-{kept[at[1]]}-{name}"
    if at[:1] == ("name",):
        return f"name_{at[1] if len(at) > 1 else 'lv'}"
    return str(at[0])
