"""What people type into forms: read whole, however long it is; what is too long comes back at its field.

A limit on the form's parameter itself would end on a page that says nothing and has nothing of what was typed; one on
the control (`maxlength`) would cut what was pasted without a word.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Final

from fastapi import Form

from nrem_shared.web.formats import Formats
from nrem_shared.web.forms import FieldError
from nrem_shared.web.rendering import translator_of

if TYPE_CHECKING:
    from fastapi import Request

    from nrem_shared.web.messages import Translator

#: Characters of the longest text that is kept in a fact.
LONGEST_TEXT: Final = 4000
#: Characters that are read of any: more is no text that somebody typed.
LARGEST_TEXT: Final = 512 * 1024

#: A text field of a form. What may be wrong with it the handler says, with `too_long` among it.
TypedText = Annotated[str, Form(max_length=LARGEST_TEXT)]


@dataclass(frozen=True, slots=True)
class Typed:
    """A text field: its name, its label (a message id, or finished), what stands in it, how long that may be."""

    field: str
    label: str
    text: str
    longest: int = LONGEST_TEXT


def too_long(request: Request, *texts: Typed) -> list[FieldError]:
    """An error for each text that is too long: which field, how long it may be, how many characters are too many."""
    translate = translator_of(request)
    return [
        over(translate, one.field, one.label, len(one.text), one.longest)
        for one in texts
        if len(one.text) > one.longest
    ]


def over(translate: Translator, field: str | None, label: str, given: int, longest: int) -> FieldError:
    """The error of one text of `given` characters."""
    name = translate(label) if translate.has(label) else label
    number = Formats(translate).number
    many = translate.count("form.characters_over", given - longest, number=number(given - longest))
    return FieldError(field, "form.too_long", {"field": name, "limit": number(longest), "over": many})
