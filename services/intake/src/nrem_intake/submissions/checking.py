"""Whether what was sent may be submitted as it stands; nothing is written here.

Validation is pure: it goes by the document and the catalogue. So it is done when a request arrives, while others are
being written, and holds when it is decided if the catalogue is still the same one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from nrem_intake.evidence.completing import completed
from nrem_intake.evidence.domain import Evidence
from nrem_intake.evidence.references import files_in
from nrem_intake.redactions import store as redactions
from nrem_intake.submissions.domain.authors import NOBODY, Authors
from nrem_intake.submissions.domain.catalogue import Catalogue
from nrem_intake.submissions.domain.figures import Accumulated, compares_parts
from nrem_intake.submissions.domain.stream import subject_of
from nrem_intake.submissions.domain.validation import Refused, Valid, validate
from nrem_intake.submissions.domain.watch import LetPass
from nrem_intake.submissions.failures import Seen, expected
from nrem_intake.submissions.store import Key
from nrem_intake.submissions.streams import Known, accumulated, load_streams
from nrem_shared.contracts.submissions import SubmissionContent

if TYPE_CHECKING:
    from nrem_intake.submissions.catalogues import Catalogues
    from nrem_intake.submissions.domain.refusals import Refusal
    from nrem_shared.runtime.database import Connection

#: (member, reference) → a file that the member sent.
Files = Mapping[tuple[str, str], Evidence]


class Looked(NamedTuple):
    """What validation says of a document by one catalogue, where nothing else counts."""

    catalogue: Catalogue
    result: Valid | Refused


class ToSubmit(NamedTuple):
    """A document for a stream, and the revision its sender saw; null = nothing was submitted before.

    `let_pass` = texts in it that the coordinator let pass although they look like personal data; `looked` = what was
    found when it arrived.
    """

    period: str
    member: str
    document: Any
    seen: Seen = None
    authors: Authors = NOBODY
    let_pass: tuple[LetPass, ...] = ()
    looked: Looked | None = None

    @property
    def key(self) -> Key:
        """The stream."""
        return (self.period, self.member)

    @property
    def subject(self) -> str:
        """The stream's name in the journal."""
        return subject_of(self.period, self.member)


class Beside(NamedTuple):
    """What counts beside a document and the catalogue: figures accepted before, and the files that it refers to."""

    before: Mapping[Key, Accumulated]
    files: Files


def looked_at(request: ToSubmit, catalogues: Catalogues) -> ToSubmit:
    """The request, validated by the catalogue known here by now, if there is one and nothing else counts."""
    known = catalogues.known(request.period)
    if known is None or compares_parts(known.catalogue, request.document):
        return request
    return request._replace(looked=Looked(known.catalogue, _validated(request, known.catalogue, {})))


async def beside(conn: Connection, requests: Sequence[ToSubmit], known: Mapping[Key, Known]) -> Beside:
    """What counts beside these documents; where none of them needs it, nothing is asked for."""
    keys = [request.key for request in requests if _needs_before(request, known.get(request.key))]
    files = await files_in(conn, [(request.member, request.document) for request in requests])
    return Beside(await accumulated(conn, keys, known), files)


def _needs_before(request: ToSubmit, found: Known | None) -> bool:
    if found is None or _holds(request, found.in_force.catalogue):
        return False
    return compares_parts(found.in_force.catalogue, request.document)


def _holds(request: ToSubmit, catalogue: Catalogue) -> bool:
    """Whether what was found when the request arrived is still what would be found."""
    return request.looked is not None and request.looked.catalogue is catalogue and not request.let_pass


def content_or_errors(request: ToSubmit, known: Known, counts: Beside) -> SubmissionContent | tuple[Refusal, ...]:
    """What would be submitted, with what is known of the files in it; or every reason why not."""
    catalogue = known.in_force.catalogue
    if request.looked is not None and _holds(request, catalogue):
        result = request.looked.result
    else:
        result = _validated(request, catalogue, counts.before.get(request.key, {}))
    if isinstance(result, Refused):
        return result.errors
    return completed(result.content, request.member, counts.files)


def _validated(request: ToSubmit, catalogue: Catalogue, before: Accumulated) -> Valid | Refused:
    return validate(
        request.document,
        period=request.period,
        member=request.member,
        catalogue=catalogue,
        before=before,
        let_pass=request.let_pass,
    )


async def again_with_passes(conn: Connection, request: ToSubmit, errors: Sequence[Refusal]) -> ToSubmit | None:
    """The request with the texts that were let pass, where these could make a difference; else null."""
    if request.let_pass or not any(error.code == "personal_data" for error in errors):
        return None
    let_pass = await redactions.let_pass(conn, request.period, request.member)
    return request._replace(let_pass=let_pass) if let_pass else None


async def validate_one(conn: Connection, catalogues: Catalogues, request: ToSubmit) -> tuple[Refusal, ...]:
    """What submitting the document would be refused for. Raises Failed for an unknown stream."""
    known = await load_streams(conn, catalogues, [request.key])
    found = expected(known.get(request.key))
    counts = await beside(conn, [request], known)
    result = content_or_errors(request, found, counts)
    if isinstance(result, SubmissionContent):
        return ()
    again = await again_with_passes(conn, request, result)
    if again is None:
        return result
    result = content_or_errors(again, found, counts)
    return () if isinstance(result, SubmissionContent) else result
