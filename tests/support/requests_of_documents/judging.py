"""What an answer is judged by, and what is told of those that were wrong."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import httpx
import requests
from schemathesis import Case
from schemathesis.checks import CheckContext, not_a_server_error
from schemathesis.core import NOT_SET
from schemathesis.core.failures import AcceptedNegativeData, FailureGroup
from schemathesis.core.jsonschema import make_validator
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

#: How a body that the document forbids is refused: it cannot be read, is too large, of another kind, or not valid.
BODY_REFUSALS = [400, 413, 415, 422]
#: Operation → what it may answer before it looks into the body, each with why.
EARLIER: dict[str, dict[int, str]] = {
    "POST /api/submissions": {428: "content is checked against the version it follows, so that is asked for first"},
    "POST /api/periods/{period}/submissions/{member}": {
        404: "another institution's submission is not there, whatever is sent",
        428: "content is checked against the version it follows, so that is asked for first",
    },
    "POST /api/validate/{period}/{member}": {404: "another institution's submission is not there, whatever is sent"},
    "POST /api/periods/{period}/submissions/{member}/corrections": {
        404: "another institution's submission is not there, whatever is sent",
        412: "figures are checked against those that are accepted: who saw others is told that first",
    },
}
#: The edge's answer where a name in the path can be none; nobody looks at the body then.
NO_NAME = b"There is nothing of this name."


def forbidden_body_rejection(_: CheckContext, response: Response, case: Case) -> None:
    """A body of JSON that the document forbids is refused for what it is, also where a known one was spoiled.

    Unless something before it is wrong: who asks (whom `Trial` sends is another check), or what is named.
    """
    earlier = [401, 403, *EARLIER.get(case.operation.label, {})]
    if response.status_code in (*BODY_REFUSALS, *earlier) or NO_NAME in response.content:
        return
    if wrong := _forbidden(case):
        raise AcceptedNegativeData(
            operation=case.operation.label,
            message=f"Forbidden, but not refused for it: {wrong}",
            status_code=response.status_code,
            expected_statuses=[str(status) for status in BODY_REFUSALS],
        )


def _forbidden(case: Case) -> str:
    """What the document forbids of a case's body of JSON; empty where it forbids nothing."""
    described = case.operation.get_body_for_media_type(case.media_type)
    if case.media_type != "application/json" or described is None or case.body is NOT_SET:
        return ""
    try:
        validator = make_validator(described.validation_schema, case.operation.schema.adapter.jsonschema_validator_cls)
        wrong = next(validator.iter_errors(case.body), None)
    except (ValueError, OverflowError):  # what no JSON Schema speaks of: halves of surrogate pairs, a number too long
        return ""
    return "" if wrong is None else f"{wrong.message} at {wrong.instance_path}"


CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    forbidden_body_rejection,
]
#: How a request that the document forbids may be refused; that these are documented is another check.
REFUSALS = [400, 401, 403, 404, 409, 412, 413, 415, 422, 428]


@dataclass
class Report:
    """Per operation: requests by status, which examples, and what was wrong (each kind of fault once)."""

    statuses: dict[str, Counter[int]] = field(default_factory=dict)
    examples: dict[str, set[int]] = field(default_factory=dict)
    forbidden: int = 0
    wrong: dict[str, dict[str, str]] = field(default_factory=dict)
    seconds: Counter[str] = field(default_factory=Counter)

    def example(self, name: str, request: requests.PreparedRequest) -> None:
        """Count an example, unless the same was sent before."""
        own = sorted((key, value) for key, value in request.headers.items())
        self.examples.setdefault(name, set()).add(hash((request.url, request.body, str(own))))

    def fault(self, operation: str, kind: str, text: str) -> None:
        """Note the first of a kind."""
        self.wrong.setdefault(operation, {}).setdefault(kind, text)

    def judge(self, name: str, case: Any, request: requests.PreparedRequest, answer: httpx.Response, who: str) -> None:
        """Count an answer, and note what the checks say."""
        self.statuses.setdefault(name, Counter())[answer.status_code] += 1
        self.forbidden += case.meta is not None and case.meta.generation.mode.is_negative
        response = _as_response(answer, request)
        try:
            case.validate_response(response, checks=CHECKS)
        except FailureGroup as group:
            for failure in group.exceptions:
                kind = f"{type(failure).__name__} {response.status_code} {str(failure)[:150]}"
                self.fault(name, kind, _told(failure, request, response, who))

    def told(self) -> str:
        """Everything that was wrong."""
        found = [f"{name}: {text}" for name, faults in self.wrong.items() for text in faults.values()]
        return f"{len(found)} faults\n" + "\n".join(found)

    def slowest(self) -> str:
        """Where the time went."""
        return ", ".join(f"{name} {seconds:.1f}" for name, seconds in self.seconds.most_common(8))

    def summary(self) -> str:
        """One line of figures."""
        one = sum(1 for found in self.examples.values() if len(found) == 1)
        requests_sent = sum(sum(one.values()) for one in self.statuses.values())
        return (
            f"{len(self.statuses)} operations, {sum(map(len, self.examples.values()))} examples ({one} operations"
            f" take no input and have one), {requests_sent} requests, {self.forbidden} of them forbidden by the"
            f" document, {sum(self.seconds.values()):.1f} s"
        )


def unread(answer: httpx.Response) -> bool:
    """Whether the body is none at all: then nobody is told anything else, whoever asks."""
    return answer.status_code == 400 or b"json_invalid" in answer.content


def _as_response(answer: httpx.Response, request: requests.PreparedRequest) -> Response:
    headers: dict[str, list[str]] = {}
    for name, value in answer.headers.multi_items():
        headers.setdefault(name, []).append(value)
    return Response(answer.status_code, headers, answer.content, request, 0.0, False)


def _told(failure: Exception, request: requests.PreparedRequest, response: Response, who: str) -> str:
    sent = (request.body or b"")[:400]
    return (
        f"{type(failure).__name__} {response.status_code}: {str(failure)[:500]}\n"
        f"    {request.method} {request.url} as {who or 'nobody'} {sent!r}\n    → {response.content[:300]!r}"
    )
