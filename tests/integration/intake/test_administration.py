"""What the coordinator administers by pages: members, contacts, keys, periods, reference data; all of it as YAML."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from html import unescape
from typing import Any

import httpx
import pytest
import yaml

from integration.conftest import SettingsFactory
from integration.intake.conftest import BEGIN, Intake
from integration.intake.test_submission_pages import form, person
from nrem_intake.app import BLUEPRINT
from nrem_intake.settings import IntakeSettings
from support.running import running
from support.signing import Signing

AT = "/administration"
NEW = {
    "code": "nvo",
    "abbreviation": "NVO",
    "name_lv": "Nevalstiska organizācija",
    "name_en": "An organisation",
    "kind": "ngo",
    "counting_route": "none",
    "language": "lv",
    "membership-0-group": "working_group_2025",
    "membership-0-since": "2026-04-01",
    "membership-0-until": "",
    "membership-0-role": "member",
}


@pytest.fixture
async def empty(settings_for: SettingsFactory, signing: Signing) -> AsyncIterator[Intake]:
    """An installation in which nothing was set up yet."""
    settings = await settings_for("intake", settings_type=IntakeSettings, demonstration=True, key_pepper="p" * 32)
    await signing.trust(settings)
    async with running(BLUEPRINT, settings, roles=("api",)) as service:
        made = Intake(service, signing)
        await made.set_clock(BEGIN)
        yield made


def coordinator(intake: Intake, language: str = "en") -> dict[str, str]:
    return person(intake, "coordinator", member="iem", language=language)


def fields_in_error(answer: httpx.Response) -> set[str]:
    assert answer.status_code == 422, answer.text
    return set(re.findall(r'id="([^"]+)-error"', answer.text))


async def subjects(intake: Intake, kind: str) -> list[tuple[str, int]]:
    connection = await intake.connect()
    rows = await connection.fetch(
        "select type, revision from facts.journal where subject like $1 order by position", f"{kind}%"
    )
    await connection.close()
    return [tuple(row) for row in rows]


async def test_a_member_registers_changes_and_leaves(intake: Intake) -> None:
    who = coordinator(intake)
    made = await form(intake, f"{AT}/register", who, **NEW)
    assert (made.status_code, made.headers["location"]) == (303, f"{AT}/members/nvo"), made.text
    assert "An organisation" in (await intake.get(f"{AT}/members", who)).text
    assert fields_in_error(await form(intake, f"{AT}/register", who, **NEW)) == {"code"}  # there already

    filled = await intake.get(f"{AT}/members/nvo/change", who)
    assert 'value="2026-04-01"' in filled.text
    leaves = {**NEW, "membership-0-until": "2026-06-30", "sign_off": "yes", "parent": "iem"}
    assert (await form(intake, f"{AT}/members/nvo/change", who, **leaves)).status_code == 303
    item = (await intake.get("/api/members/nvo", intake.as_coordinator())).json()
    assert (item["memberships"][0]["until"], item["sign_off"], item["parent"]) == ("2026-06-30", True, "iem")
    assert await subjects(intake, "member/nvo") == [("nrem.institution.registered.v1", n) for n in (1, 2)]


async def test_every_mistake_of_a_form_stands_at_its_field(intake: Intake) -> None:
    wrong = {**NEW, "code": "N V O", "abbreviation": "", "name_lv": "", "kind": "", "membership-0-since": "soon"}
    answer = await form(intake, f"{AT}/register", coordinator(intake), **wrong)
    assert fields_in_error(answer) == {"code", "abbreviation", "name_lv", "kind", "membership-0-since"}
    backwards = {**NEW, "membership-0-until": "2026-03-01", "parent": "nobody"}
    answer = await form(intake, f"{AT}/register", coordinator(intake, "lv"), **backwards)
    assert fields_in_error(answer) == {"membership-0-until", "parent"}
    assert "Beigas ir pirms sākuma" in answer.text
    assert await subjects(intake, "member/nvo") == []


async def test_a_contact_is_set_and_erased_and_its_address_is_in_no_journal(intake: Intake) -> None:
    who, page = coordinator(intake), f"{AT}/members/vp/contacts/deputy"
    assert fields_in_error(await form(intake, page, who, address="nobody", language="lv")) == {"address"}
    assert (await form(intake, page, who, address="vietnieks@vp.example", language="en")).status_code == 303
    assert "vietnieks@vp.example" in (await intake.get(f"{AT}/members/vp", who)).text
    assert (await form(intake, f"{page}/erase", who)).status_code == 303
    assert "vietnieks@vp.example" not in (await intake.get(f"{AT}/members/vp", who)).text
    connection = await intake.connect()
    assert not await connection.fetchval("select count(*) from facts.journal_payload where payload like '%vietnieks@%'")
    await connection.close()
    assert (await form(intake, f"{page}/erase", who)).status_code == 404


async def test_a_key_is_shown_once_replaced_and_revoked(intake: Intake) -> None:
    who, keys = coordinator(intake), f"{AT}/members/vp/keys"
    issued = await form(intake, keys, who)
    assert issued.headers["cache-control"] == "no-store"
    secret, key = _secret(issued)
    assert await _signs_in(intake, secret)
    assert secret not in (await intake.get(f"{AT}/members/vp", who)).text

    for days in ("", "soon", "-1", "91"):
        again = await form(intake, f"{keys}/{key}/rotate", who, days=days)
        assert fields_in_error(again) == {f"days-{key}"}, days
        assert f'value="{days}"' in again.text or not days
    replaced = await form(intake, f"{keys}/{key}/rotate", who, days=7)
    newer, other = _secret(replaced)
    assert "The old key is valid until" in replaced.text
    assert await _signs_in(intake, secret)  # both, for seven days
    assert await _signs_in(intake, newer)
    assert (await form(intake, f"{keys}/{other}/revoke", who)).status_code == 303
    assert not await _signs_in(intake, newer)
    assert (await form(intake, f"{AT}/members/km/keys/{key}/revoke", who)).status_code == 404  # another's


def _secret(answer: httpx.Response) -> tuple[str, str]:
    """(secret, id) as the page shows them."""
    assert answer.status_code == 200, answer.text
    values = re.findall(r"<dd[^>]*>\s*(\S+)\s*</dd>", answer.text)
    return values[2], values[1]


async def _signs_in(intake: Intake, secret: str) -> bool:
    answer = await intake.client.post("/api/oauth/token", data={"client_id": "vp", "client_secret": secret})
    return answer.status_code == 200


async def test_a_period_is_opened_and_closed(intake: Intake) -> None:
    who = coordinator(intake)
    wrong = await form(intake, f"{AT}/periods", who, year="26", quarter="", group="", due="soon")
    assert fields_in_error(wrong) == {"year", "quarter", "group", "due"}
    early = {"year": "2026", "quarter": "4", "group": "working_group_2025", "due": "2026-12-31"}
    assert fields_in_error(await form(intake, f"{AT}/periods", who, **early)) == {"due"}
    opened = await form(intake, f"{AT}/periods", who, **{**early, "due": "2027-01-15"})
    assert opened.headers["location"] == f"{AT}/periods/2026-Q4"
    assert fields_in_error(await form(intake, f"{AT}/periods", who, **{**early, "due": "2027-01-15"})) == {"year"}
    assert "15 January 2027" in (await intake.get(f"{AT}/periods/2026-Q4", who)).text
    assert (await form(intake, f"{AT}/periods/2026-Q4/close", who)).status_code == 303
    assert "Close the quarter" not in (await intake.get(f"{AT}/periods/2026-Q4", who)).text
    assert (await form(intake, f"{AT}/periods/2026-Q4/close", who)).status_code == 409


async def test_pages_name_things_in_words(intake: Intake) -> None:
    who = coordinator(intake, "lv")
    shown = (await intake.get(f"{AT}/reference/indicator/VICT_REFERRED", who)).text
    for words in ("personas", "Dzimums", "Valsts policija"):
        assert words in shown
    assert ">persons<" not in shown
    police = (await intake.get(f"{AT}/members/vp", who)).text
    assert "Iekšlietu ministrija" in police
    for text in (police, (await intake.get(f"{AT}/members", who)).text, (await intake.get(f"{AT}/periods", who)).text):
        assert "2025. gada darba grupa" in text
        assert ">working_group_2025<" not in text


async def test_the_next_quarter_is_proposed_with_its_due_date(intake: Intake, empty: Intake) -> None:
    shown = (await intake.get(f"{AT}/periods", coordinator(intake))).text
    for name, value in (("year", "2026"), ("due", "2027-01-15")):
        assert re.search(rf'<input[^>]*name="{name}"[^>]*value="{value}"', shown), name
    assert re.search(r'<option value="4"[^>]*selected', shown)
    assert "the 15th day after its end" in shown
    first = (await empty.get(f"{AT}/periods", coordinator(empty))).text  # no quarter yet: the present one
    assert re.search(r'<option value="2"[^>]*selected', first)
    assert 'value="2026-07-15"' in first


async def exported(intake: Intake) -> str:
    answer = await intake.get(f"{AT}/export", coordinator(intake))
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == 'attachment; filename="nrem.yaml"'
    return answer.text


async def shown(intake: Intake, text: str) -> httpx.Response:
    files = {"document": ("nrem.yaml", text.encode())}
    return await intake.client.post(f"{AT}/transfer", files=files, headers=coordinator(intake))


async def taken_in(intake: Intake, preview: httpx.Response) -> httpx.Response:
    """Confirm what a preview shows, with what its form holds."""
    found = dict(re.findall(r'name="(confirmed|content)" value="([^"]*)"', preview.text))
    return await form(intake, f"{AT}/import", coordinator(intake), **{k: unescape(v) for k, v in found.items()})


async def test_what_is_exported_can_be_taken_into_an_empty_installation(intake: Intake, empty: Intake) -> None:
    await form(
        intake, f"{AT}/members/vp/contacts/focal_point", coordinator(intake), address="a@vp.example", language="lv"
    )
    text = await exported(intake)
    preview = await shown(empty, text)
    assert preview.status_code == 200, preview.text
    assert await subjects(empty, "member/") == []  # shown, not kept
    done = await taken_in(empty, preview)
    assert (done.status_code, done.headers["location"]) == (303, f"{AT}/transfer?done=taken"), done.text
    assert await exported(empty) == text
    again = await shown(empty, text)
    assert "The file holds nothing new" in again.text


async def test_an_import_shows_what_would_change_and_every_fault(intake: Intake) -> None:
    document = yaml.safe_load(await exported(intake))
    document["institutions"] = [{**document["institutions"][0], "abbreviation": "XYZ"}]
    text = yaml.safe_dump({"format": document["format"], "institutions": document["institutions"]})
    preview = await shown(intake, text)
    assert "1 change would be kept." in preview.text
    assert "XYZ" in preview.text

    # Somebody else changes it before it is confirmed: it is shown again, nothing is kept.
    code = document["institutions"][0]["code"]
    answer = await intake.get(f"/api/members/{code}", intake.as_coordinator())
    other = {**answer.json(), "abbreviation": "ABC"}
    assert (await intake.post("/api/members", [other], intake.as_coordinator())).status_code == 200
    late = await taken_in(intake, preview)
    assert late.status_code == 409
    assert "Something changed since you looked" in late.text
    assert (await taken_in(intake, late)).status_code == 303

    document["institutions"][0]["parent"] = "nobody"
    document["periods"] = [{**document["periods"][0], "due": "2026-01-01", "owes": ["nobody"]}]
    refused = await shown(intake, yaml.safe_dump(document))
    assert refused.status_code == 422
    for place in ("/institutions/0/parent", "/periods/0/due", "/periods/0/owes/0", "/periods/0"):
        assert f">{place}<" in refused.text
    for text in ("a: [", "", "format: other"):
        assert (await shown(intake, text)).status_code == 422


async def test_machines_export_and_import_too(intake: Intake) -> None:
    who = intake.as_coordinator()
    document: dict[str, Any] = (await intake.get("/api/administration", who)).json()
    assert (await intake.post("/api/administration", document, who)).json() == []
    document["contacts"].append({"member": "nobody", "role": "deputy", "address": "a@b.example"})
    answer = await intake.post("/api/administration", document, who)
    assert answer.status_code == 422
    assert [error["code"] for error in answer.json()["errors"]] == ["unknown_code"]


@pytest.mark.parametrize("language", ["lv", "en"])
async def test_all_pages_are_there_for_the_coordinator_alone(intake: Intake, language: str) -> None:
    paths = ["", "/members", "/register", "/members/vp", "/members/vp/change", "/members/vp/contacts/deputy"]
    paths += ["/periods", "/periods/2026-Q1", "/reference", "/reference/codelist/age_group", "/transfer"]
    paths += ["/reference/codelist/age_group/codes/ADULT", "/reference/indicator/VICT_REFERRED", "/add-indicator"]
    paths += ["/indicators/VICT_REFERRED/change", "/labels/codelist/sex", "/labels/codelist/sex/F"]
    for path in paths:
        answer = await intake.get(AT + path, coordinator(intake, language))
        assert answer.status_code == 200, path
        assert f'lang="{language}"' in answer.text
        assert (await intake.get(AT + path, person(intake, "member", member="vp"))).status_code == 403, path
    for path in ("/members/nobody", "/periods/2031-Q1", "/reference/codelist/none"):
        assert (await intake.get(AT + path, coordinator(intake))).status_code == 404, path


async def test_the_statements_are_open_to_everybody(intake: Intake) -> None:
    for path, words in (("/accessibility", "WCAG 2.2"), ("/privacy", "Cookies"), ("/retention", "How long")):
        answer = await intake.get(path, {"Accept": "text/html", "Accept-Language": "en"})
        assert answer.status_code == 200, path
        assert words in answer.text
