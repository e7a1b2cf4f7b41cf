"""Refusals in the pseudo-locale: forms left empty, and pages that are not there, not the reader's, or not to be had."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

import httpx
import pytest

from e2e.other_views import other_views
from e2e.test_pages import ALL, AS_SENT, address_of
from integration.platform.test_pseudo_locale import data_on, is_data, made, people  # noqa: F401
from support.empty_forms import EmptyForm, empty_forms
from support.pseudo import untranslated

pytestmark = pytest.mark.timeout(600)

_NUMBER = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

SUBMISSION = "/intake/periods/2026-Q4/submissions"
SECTIONS = f"{SUBMISSION}/vp/report/sections"
#: Forms that are not sent empty, each with why.
NOT_SENT = {
    "/components/": "shows what forms look like, and goes nowhere",
    "/components/errors": "shows what forms look like, and goes nowhere",
    "/intake/demonstration/session": "makes somebody else of whoever asks",
    "/intake/administration/members/vp/keys/{id}/rotate": "one is chosen already: the old key's last day",
    "/intake/administration/reference/codelist/age_group/codes/ADULT": "without days it is valid for ever",
    "/reminders/obligation/remind": "the line of one's own may be left out",
    "/reminders/sending": "the reason may be left out, and no mail is sent from then on",
    f"{SECTIONS}/activities": "a section is saved as it is, empty too",
    f"{SECTIONS}/plan_progress": "a section is saved as it is, empty too",
    f"{SECTIONS}/future_plans": "a section is saved as it is, empty too",
    f"{SECTIONS}/challenges": "a section is saved as it is, empty too",
}
LONG = {"name": "a" * 500, "address": "somebody@vp.example", "sections": "activities"}

#: Who asks, for what, and what the answer is. A form that no page of ours sends is refused as a page, too.
REFUSED: list[tuple[str | None, str, str, dict[str, str] | None, int]] = [
    (None, "GET", "/nothing", None, 404),
    ("coordinator", "GET", "/intake/nothing", None, 404),
    ("coordinator", "GET", "/statistics/nothing", None, 404),
    ("coordinator", "GET", "/plan/nothing", None, 404),
    ("coordinator", "GET", "/reminders/nothing", None, 404),
    ("coordinator", "GET", "/intake/periods/2026-Q9/submissions/vp", None, 404),
    ("coordinator", "GET", "/intake/periods/2099-Q1/submissions/vp", None, 404),
    ("member", "GET", f"{SUBMISSION}/lm", None, 404),
    ("coordinator", "GET", "/statistics/quarters/2099-Q1", None, 404),
    ("coordinator", "GET", "/plan/plans/none", None, 404),
    ("coordinator", "GET", "/plan/meetings/none", None, 404),
    ("coordinator", "GET", "/reminders/obligation", None, 404),
    ("coordinator", "GET", "/reminders/mailboxes/kontakts@km.example/last", None, 404),
    ("member", "GET", "/intake/administration", None, 403),
    ("reader", "GET", "/statistics/redact", None, 403),
    ("member", "GET", "/plan/redact", None, 403),
    ("member", "GET", "/reminders/redact", None, 403),
    ("member", "POST", "/intake/administration/register", {"code": "x"}, 403),
    ("coordinator", "GET", "/intake/session/end", None, 405),
    ("member", "POST", "/intake/people", LONG, 422),
    ("coordinator", "POST", f"{SUBMISSION}/vp/versions/1/accept", {"revision": "none"}, 422),
    ("coordinator", "GET", "/statistics/quarters/2026-Q2?as_known_on=none", None, 422),
    *((None, "GET", f"/components/problem/{status}", None, status) for status in (400, 401, 413, 500, 503)),
]


def wrong_with(answer: httpx.Response, path: str) -> list[str]:
    """What of an answer is no page, or none of the catalogues' text."""
    if "text/html" not in answer.headers.get("content-type", ""):
        return [f"{answer.status_code} {answer.headers.get('content-type')}: {answer.text[:200]}"]
    known = data_on(path)
    return [text for text in untranslated(answer.text) if not is_data(text, known)]


@pytest.mark.parametrize(("who", "method", "address", "fields", "status"), REFUSED)
def test_a_refusal_is_a_page_of_the_catalogues(
    people: dict[str | None, httpx.Client],  # noqa: F811
    who: str | None,
    method: str,
    address: str,
    fields: dict[str, str] | None,
    status: int,
) -> None:
    address = f"{address}{'&' if '?' in address else '?'}lang=qps"
    answer = people[who].request(method, address, data=fields)
    assert answer.status_code == status, answer.text
    assert wrong_with(answer, address.partition("?")[0]) == []
    assert "<h1" in answer.text


def test_a_form_left_empty_comes_back_with_its_errors_from_the_catalogues(
    people: dict[str | None, httpx.Client],  # noqa: F811
    made: dict[str, str],  # noqa: F811
) -> None:
    wrong: dict[str, object] = {}
    sent: set[str] = set()
    for path, who, address in views(made):
        page = people[who].get(f"{address}{'&' if '?' in address else '?'}lang=qps")
        for form in empty_forms(page.text):
            action = form.action or page.url.path
            name = _NUMBER.sub("{id}", action).replace(made["{waiting}"], "{waiting}")
            if name in sent or name in NOT_SENT:
                sent.add(name)
                continue
            sent.add(name)
            answer = empty(people[who], action, form)
            found = wrong_with(answer, path)
            if found or not 400 <= answer.status_code < 500 or "govuk-error-summary" not in answer.text:
                wrong[f"{name} as {who}"] = (answer.status_code, found, answer.headers.get("location"))
    assert wrong == {}
    assert set(NOT_SENT) <= sent, "is on no page any more"


def views(made: dict[str, str]) -> list[tuple[str, str | None, str]]:  # noqa: F811
    """Every page, as each sees it to whom it looks different."""
    first = [(route.path, route.role, address_of(route.path, made)) for route in ALL if route.path != AS_SENT]
    others = [(view.path, view.role, view.address or address_of(view.path, made)) for view in other_views()]
    return [*first, *others]


def empty(client: httpx.Client, action: str, form: EmptyForm) -> httpx.Response:
    """Send a form as a browser does, nothing filled in."""
    action, _, query = action.partition("#")[0].partition("?")
    asked = {**dict(parse_qsl(query)), "lang": "qps"}
    if form.multipart:
        body, kind = form.body()
        return client.post(action, params=asked, content=body, headers={"content-type": kind}, follow_redirects=False)
    return client.post(action, params=asked, data=dict(form.fields), follow_redirects=False)
