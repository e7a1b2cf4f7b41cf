"""Who may do what with a member's report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nrem_shared.contracts.submissions import SECTIONS

if TYPE_CHECKING:
    from nrem_shared.runtime.identity.principal import Principal
    from nrem_shared.web.messages import Translator

_ALL = frozenset(SECTIONS)


@dataclass(frozen=True, slots=True)
class Access:
    """What somebody may do: fill `sections`, submit for the institution, sign for it, enter it on its behalf."""

    sections: frozenset[str] = frozenset()
    submits: bool = False
    signs: bool = False
    on_behalf: bool = False

    @property
    def whole(self) -> bool:
        """Whether the report is theirs to begin, discard and submit."""
        return self.submits or self.on_behalf


def access_of(principal: Principal, member: str) -> Access | None:
    """Null where the member's report is none of theirs."""
    own = principal.member == member
    submits = own and principal.has("member")
    signs = own and principal.has("officer")
    on_behalf = principal.has("coordinator") and not submits
    sections = _ALL if submits or on_behalf else frozenset()
    if own and principal.has("contributor"):
        sections |= principal.sections & _ALL
    access = Access(sections, submits, signs, on_behalf)
    return None if access == Access() else access


#: In which of several roles somebody prepares or enters a report; whoever signs does so as `officer`.
_ROLES = ("member", "contributor", "coordinator", "officer")


def office_of(principal: Principal, role: str | None = None) -> str:
    """What a person is called in facts: `VP/member`, as the session shows them and in which role; never an address."""
    acting = role or next((each for each in _ROLES if principal.has(each)), "member")
    name = principal.subject if "@" in principal.display else principal.display
    return f"{name}/{acting}"


def office_in_words(translate: Translator, office: str) -> str:
    """An office for a reader: `VP (focal point)`."""
    name, slash, role = office.rpartition("/")
    return f"{name} ({translate(f'role.{role}')})" if slash and translate.has(f"role.{role}") else office
