"""Intake answers every request that can be made from its OpenAPI document as the document says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from data_catalogue import codelists
from integration.intake.conftest import Intake
from integration.intake.test_figures import key
from integration.intake.test_submissions import content, referred
from integration.intake.test_workbooks import download
from nrem_intake.identity.second_factor import store as second_factor
from nrem_intake.identity.second_factor.commands import Person
from support.requests_of_documents.known import Known, position_of
from support.requests_of_documents.making import WORKBOOK
from support.requests_of_documents.trial import check_every_answer

TEXT = {"lv": "Iemesls", "en": "Reason"}
AT = {"period": "2026-Q1", "member": "vp"}
FIRST = {**AT, "version": 1}
STREAM = "/api/periods/{period}/submissions/{member}"
ADDRESS = {"address": "someone@vp.example", "language": "lv"}
CONTACT = {"code": "vp", "role": "focal_point"}
MULTIPART = "multipart/form-data"
BOUNDARY = {"Content-Type": f"{MULTIPART}; boundary=file"}
UPLOAD = b"".join(
    (
        b'--file\r\nContent-Disposition: form-data; name="file"; filename="b.txt"\r\n',
        b"Content-Type: text/plain\r\n\r\nOtrs izraksts\r\n--file--\r\n",
    )
)
FORM = "application/x-www-form-urlencoded"


@pytest.mark.timeout(400)
async def test_whatever_is_asked_the_answer_is_one_of_the_documented(intake: Intake) -> None:
    known = [
        *await of_keys(intake),
        *of_reference(),
        *of_submissions(intake),
        *await of_files(intake),
        *of_the_rest(intake),
    ]
    await check_every_answer(intake.service, intake.signing, known)


async def of_keys(intake: Intake) -> list[Known]:
    """Keys, tokens and contacts."""
    issued = [
        (await intake.post("/api/members/vp/keys", {"roles": ["member"]}, intake.as_coordinator())).json()
        for _ in range(3)
    ]
    grant = {"grant_type": "client_credentials", "client_id": "vp", "client_secret": issued[0]["secret"]}
    runtime = intake.service.runtime

    async def with_device() -> None:
        person = Person.at(runtime, ADDRESS["address"])
        async with runtime.pool.acquire() as conn:
            await second_factor.offer(conn, person.key, b"secret", runtime.clock.now())
            await second_factor.use_step(conn, person.key, 1, runtime.clock.now())

    return [
        Known("POST /api/oauth/token", "", body=grant, media_type=FORM),
        Known("POST /api/members/{code}/keys", "coordinator", {"code": "vp"}, body={"roles": ["member"]}),
        Known("GET /api/members/{code}/keys", "member", {"code": "vp"}),
        Known("POST /api/keys/{id}/rotation", "coordinator", {"id": issued[1]["id"]}, body={"overlap_days": 7}),
        Known("DELETE /api/keys/{id}", "coordinator", {"id": issued[2]["id"]}),
        Known("PUT /api/members/{code}/contacts/{role}", "coordinator", CONTACT, body=ADDRESS),
        Known("GET /api/members/{code}/contacts", "member", {"code": "vp"}),
        Known("DELETE /api/members/{code}/contacts/{role}/second-factor", "operator", CONTACT, first=with_device),
        Known("DELETE /api/members/{code}/contacts/{role}", "coordinator", CONTACT),
    ]


def of_reference() -> Iterator[Known]:
    """Institutions, lists and periods."""
    item = codelists()[0].model_dump(mode="json")
    institution = {"code": "jauna", "abbreviation": "JAUNA", "name": TEXT, "kind": "ministry"}
    yield Known("POST /api/members", "coordinator", body=[institution])
    yield Known("GET /api/members/{code}", "reader", {"code": "vp"})
    yield Known("POST /api/reference", "coordinator", body=[item])
    yield Known("GET /api/reference/{kind}", "reader", {"kind": "indicator"})
    yield Known("GET /api/reference/{kind}/{code}", "reader", {"kind": item["kind"], "code": item["code"]})
    quarter = {"code": "2026-Q4", "group": "working_group_2025", "due": "2027-01-15"}
    yield Known("POST /api/periods", "coordinator", body=quarter)
    yield Known("GET /api/periods/{code}", "reader", {"code": "2026-Q4"})


def of_submissions(intake: Intake) -> Iterator[Known]:
    """One member's way from the first version to a correction, and what is said about it."""
    says = {**content(referred(9)), "challenges": [{"code": "CH-vp-1", "text": TEXT, "state": "open"}]}
    yield Known(f"POST {STREAM}", "member", AT, body=says, member="vp")
    yield Known("POST /api/validate/{period}/{member}", "member", {**AT, "period": "2026-Q2"}, body=says, member="vp")
    bulk = {"submissions": [{"period": "2026-Q2", "member": "vp", "content": says}]}
    yield Known("POST /api/submissions", "member", body=bulk, member="vp")
    yield Known(
        "GET /api/submissions", "coordinator", query={"period": "2026-Q1", "member": "vp", "state": "submitted"}
    )
    yield Known(f"GET {STREAM}", "member", AT)
    yield Known(f"GET {STREAM}/versions/{{version}}", "member", FIRST)
    remark = {"version": 1, "at": "/observations/0", "text": "Vai skaitā ir arī marta beigas?"}
    yield Known(f"POST {STREAM}/discussion", "coordinator", AT, body=remark)
    yield Known(f"GET {STREAM}/discussion", "member", AT)
    reasons = {"reasons": [{"at": "/observations/0/value", "text": {"lv": "Neatbilst žurnālam"}}]}
    sent_back = f"POST {STREAM}/versions/{{version}}/return"
    yield Known(sent_back, "coordinator", FIRST, body=reasons, headers={"If-Match": '"1"'})
    taken_back = f"POST {STREAM}/versions/{{version}}/withdraw"
    second = {**AT, "period": "2026-Q2", "version": 1}
    yield Known(taken_back, "member", second, headers={"If-Match": '"1"'}, member="vp")

    async def fact() -> dict[str, Any]:
        return {"position": await position_of(intake.service, "nrem.submission.returned.v1"), "reason": TEXT}

    yield Known("POST /api/redactions", "coordinator", body=fact)
    places = {"places": ["/content/challenges/0/text"], "reason": TEXT}
    yield Known(f"POST {STREAM}/versions/{{version}}/redactions", "coordinator", FIRST, body=places)
    number = {"text": "Reģistra ieraksts 29123456 nav tālrunis", "reason": TEXT}
    yield Known(f"POST {STREAM}/let-pass", "coordinator", AT, body=number)
    other = {"period": "2026-Q3", "member": "vp"}
    figures = content(referred(8), referred(2, sex="M"))
    yield Known(f"POST {STREAM}", "member", other, body=figures, member="vp")
    accepted = f"POST {STREAM}/versions/{{version}}/accept"
    yield Known(accepted, "coordinator", {**other, "version": 1}, headers={"If-Match": '"1"'})
    items = [
        {"observation": key(), "old": 8, "new": 7, "reason": TEXT},
        {"observation": key(sex="M"), "old": 2, "new": 5, "reason": TEXT},
    ]
    seen = {"If-Match": '"2"'}
    yield Known(f"POST {STREAM}/corrections", "member", other, body={"items": items}, headers=seen, member="vp")
    in_part, seen = {"returned": [{"figure": 1, "text": TEXT}]}, {"If-Match": '"3"'}
    decided = f"POST {STREAM}/versions/{{version}}/figures"
    yield Known(decided, "coordinator", {**other, "version": 2}, body=in_part, headers=seen)
    yield Known("GET /api/corrections", "coordinator", query={"period": "2026-Q1", "year": "2026"})


async def of_files(intake: Intake) -> list[Known]:
    """Workbooks and evidence."""
    vp = intake.as_member("vp")
    page = await download(intake, vp, "/periods/2026-Q3/submissions/vp")
    history = (await intake.get("/api/workbooks/history", intake.as_coordinator())).content
    sent = await intake.client.post(
        "/api/periods/2026-Q1/evidence/vp", files={"file": ("a.txt", b"Pierakstu izraksts\n")}, headers=vp
    )
    assert sent.status_code == 201, sent.text
    at, file = "/api/periods/{period}/evidence/{member}", {"id": sent.json()["id"]}
    return [
        Known("POST /api/workbooks", "member", body=page, media_type=WORKBOOK, member="vp"),
        Known("POST /api/workbooks/history", "coordinator", body=history, media_type=WORKBOOK),
        Known(f"POST {at}", "member", AT, body=UPLOAD, headers=BOUNDARY, media_type=MULTIPART, member="vp"),
        Known(f"GET {at}", "member", AT),
        Known("GET /api/evidence/{id}", "member", file, member="vp"),
        Known("POST /api/evidence/{id}/remove", "coordinator", file, body={"reason": TEXT}),
    ]


def of_the_rest(intake: Intake) -> Iterator[Known]:
    """Extensions, imports, administration, and the clock last."""
    of = "/api/periods/{period}/extensions"
    wish = {"until": "2026-07-20", "reason": TEXT}
    second = {"period": "2026-Q2", "member": "vp"}
    yield Known(f"POST {of}/{{member}}/ask", "member", second, body=wish, member="vp")
    yield Known(f"POST {of}/{{member}}/refuse", "coordinator", second, body={"reason": TEXT})
    yield Known(f"POST {of}/{{member}}", "coordinator", second, body={"due": "2026-07-21", "reason": TEXT})
    yield Known(f"GET {of}", "coordinator", {"period": "2026-Q2"})
    past = {"period": "2025-Q4", "due": "2026-01-15", "submissions": [{"member": "vp", **content(referred(2))}]}
    brought = {"group": "working_group_2025", "periods": [past]}
    yield Known("POST /api/imports", "coordinator", query={"dry_run": "false"}, body=brought)

    async def everything() -> Any:
        return (await intake.get("/api/administration", intake.as_coordinator())).json()

    yield Known("POST /api/administration", "coordinator", body=everything)
    yield Known("POST /api/clock", "coordinator", body={"to": "2026-04-20T06:00:00+00:00"})
    yield Known("POST /api/periods/{code}/close", "coordinator", {"code": "2026-Q1"})
