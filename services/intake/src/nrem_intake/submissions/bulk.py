"""Many submissions in one request: all of them or none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from nrem_intake.reporting.posting import by_person, refuse_unsigned
from nrem_intake.submissions import submitting
from nrem_intake.submissions.answers import SubmissionState, invalid, problem_of, state_of
from nrem_intake.submissions.asking import IDEMPOTENT, count, count_failed
from nrem_intake.submissions.bodies import LARGEST_BULK, bounded, json_body
from nrem_intake.submissions.catalogues import catalogues_of
from nrem_intake.submissions.checking import ToSubmit, looked_at
from nrem_intake.submissions.domain.refusals import Findings
from nrem_intake.submissions.examples import bulk_body
from nrem_intake.submissions.failures import Failed
from nrem_shared.runtime.idempotency import Answer, answered, remember, request_key
from nrem_shared.runtime.identity.authorisation import current_principal
from nrem_shared.runtime.problems import problems
from nrem_shared.runtime.reading import HEADER as AFTER
from nrem_shared.runtime.requests import provenance, runtime_of

if TYPE_CHECKING:
    from nrem_intake.submissions.domain.stream import Decided
    from nrem_shared.runtime.journal import Writing

PATH = "/api/submissions"
MOST_SUBMISSIONS = 200

router = APIRouter(tags=["submissions"], route_class=bounded(LARGEST_BULK))


class Submitted(BaseModel):
    """The submissions as they stand now, in the order they were sent."""

    submissions: list[SubmissionState]


@router.post(
    PATH,
    status_code=201,
    summary="Submit several at once",
    response_model=Submitted,
    dependencies=IDEMPOTENT,
    responses=problems(400, 401, 403, 404, 409, 412, 413, 428),
    openapi_extra=bulk_body(),
)
async def submit_many(request: Request) -> Response:
    """All or nothing; errors name their place, such as `/submissions/3/content/observations/0/value`.

    What an institution's officer signs somebody signed in sends one by one, each for its signature.
    """
    catalogues = catalogues_of(runtime_of(request))
    read = _read(request, await json_body(request))
    if by_person(request):
        await refuse_unsigned(request, read)
    wanted = [looked_at(each, catalogues) for each in read]
    key = await request_key(request)

    async def command(writing: Writing) -> tuple[list[Decided], Response]:
        before = answered(writing, key)
        if before is not None:
            return [], before
        decided = await submitting.submit_many(writing, catalogues, wanted)
        submitted = Submitted(submissions=[state_of(stream) for stream, _ in decided])
        answer = Answer(201, submitted.model_dump_json(), {AFTER: writing.after})
        remember(writing, key, answer)
        return decided, answer.response()

    try:
        decided, response = await runtime_of(request).journal.write(
            provenance(request),
            command,
            streams=[each.subject for each in wanted],
            keys=[key.name] if key else (),
        )
    except Failed as failed:
        count_failed(request, failed)
        raise problem_of(request, failed, bulk=True) from failed
    count(request, decided)
    return response


def _read(request: Request, body: Any) -> list[ToSubmit]:
    """The requests in the body. Raises the 422 problem for what is none, or is another member's."""
    found = Findings()
    items = body.get("submissions") if isinstance(body, dict) else None
    if not isinstance(items, list):
        found.add("/submissions", "malformed", expected="list")
    elif not items:
        found.add("/submissions", "missing")
    elif len(items) > MOST_SUBMISSIONS:
        found.add("/submissions", "too_many", limit=str(MOST_SUBMISSIONS), given=str(len(items)))
    if found:
        raise invalid(request, found.sorted())
    own = current_principal(request).member
    read = [_item(found, f"/submissions/{place}", item, own) for place, item in enumerate(items or ())]
    if found:
        raise invalid(request, found.sorted())
    return [item for item in read if item is not None]


def _item(found: Findings, at: str, item: Any, own: str | None) -> ToSubmit | None:
    if not isinstance(item, dict):
        found.add(at, "malformed", expected="object")
        return None
    for name in item.keys() - {"period", "member", "revision", "content"}:
        found.unknown_field(at, str(name))
    for name in ("period", "member", "content"):
        if name not in item:
            found.add(f"{at}/{name}", "missing")
        elif name != "content" and not isinstance(item[name], str):
            found.add(f"{at}/{name}", "malformed", expected="text")
    if isinstance(item.get("member"), str) and item["member"] != own:
        found.add(f"{at}/member", "other_member")
    revision = item.get("revision")
    if revision is not None and (isinstance(revision, bool) or not isinstance(revision, int)):
        found.add(f"{at}/revision", "malformed", expected="count")
    return None if found else ToSubmit(item["period"], item["member"], item["content"], revision)
