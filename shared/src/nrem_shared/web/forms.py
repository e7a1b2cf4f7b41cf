"""What a form says back: every mistake at once, each at its field."""

import dataclasses
from collections.abc import Mapping


@dataclasses.dataclass(frozen=True)
class FieldError:
    """One mistake: what is wrong and what to do.

    ``field`` is the name (and id) of the form control, None for the form as a whole. ``message`` is a message id with
    its ``values``, or a finished ``{lv, en}`` text.
    """

    field: str | None
    message: str | Mapping[str, str]
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)
