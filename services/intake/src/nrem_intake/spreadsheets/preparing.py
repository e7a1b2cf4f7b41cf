"""What a workbook is made from and read with: the period's lists, the member's words, what was reported before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrem_intake.spreadsheets.domain.choices import EVERYBODY, Offer
from nrem_shared.contracts.submissions import SubmissionContent

if TYPE_CHECKING:
    from nrem_intake.submissions.catalogues import InForce
    from nrem_intake.submissions.domain.stream import Stream
    from nrem_shared.web.messages import Translator

#: What a version was before it may be done again.
_TO_DO_AGAIN = frozenset({"returned", "withdrawn"})


def offer_to(in_force: InForce, member: str, translate: Translator, reporting: frozenset[str] = frozenset()) -> Offer:
    """What may be chosen, in the translator's language."""
    yes_no = (translate("workbook.yes"), translate("workbook.no"))
    language = "en" if translate.language != "lv" else "lv"
    return Offer(in_force.catalogue, in_force.labels, member, language, yes_no, reporting)


def offer_everybody(in_force: InForce, translate: Translator) -> Offer:
    """The same for a workbook with several institutions."""
    return offer_to(in_force, EVERYBODY, translate)


def content_to_do_again(stream: Stream) -> SubmissionContent:
    """What stands in the workbook already: the version returned or withdrawn last; else nothing."""
    newest = stream.versions[-1] if stream.versions else None
    if newest is None or newest.state not in _TO_DO_AGAIN or newest.content is None:
        return SubmissionContent()
    return newest.content
