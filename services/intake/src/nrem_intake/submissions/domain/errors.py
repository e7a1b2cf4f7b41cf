"""What the domain of submissions does not allow. The messages' ids are `refusal.<code>`."""

from __future__ import annotations

from collections.abc import Iterable

from nrem_intake.submissions.domain.refusals import Refusal


class NotAllowed(Exception):
    """The stream's state does not allow the command now; `code` says why, `parameters` fill in its message.

    `accepted_already`, `pending_already`, `nothing_accepted`, `unknown_version`, `decided_already`, `not_owed`.
    """

    def __init__(self, code: str, **parameters: str) -> None:
        super().__init__(code)
        self.code = code
        self.parameters = parameters


class Unacceptable(Exception):
    """What was sent is refused; `errors` are all reasons, with pointers into the body of the request."""

    def __init__(self, errors: Iterable[Refusal]) -> None:
        self.errors = tuple(errors)
        super().__init__(", ".join(f"{error.pointer} {error.code}" for error in self.errors))
