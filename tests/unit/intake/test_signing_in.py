"""Signing in, as far as it is a question of values."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pyotp
import pytest
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from cryptography.exceptions import InvalidTag

from nrem_intake.contributors.domain import MOST_PER_INSTITUTION, Invitation, mistakes
from nrem_intake.identity.links.domain import LIFETIME, is_address, worth
from nrem_intake.identity.people.domain import standings
from nrem_intake.identity.provider.domain import NoAddress, NotTrusted, address_in, authorization_address, derived
from nrem_intake.identity.second_factor import domain as factor
from nrem_intake.identity.secrets import person_of, safe_return, seal, unseal
from nrem_intake.identity.sessions.domain import arrived, as_standing, browser_named, only

NOW = datetime(2026, 4, 8, 9, 0, 7, tzinfo=UTC)
NAME = {"lv": "Valsts policija", "en": "State Police"}
PEPPER = "p" * 32


def contact(role: str, member: str = "vp", id: UUID | None = None) -> dict:
    return {"id": id or uuid4(), "member": member, "role": role, "language": "lv", "abbreviation": member.upper(),
            "institution": NAME}  # fmt: skip


def helper(*sections: str, name: str = "") -> dict:
    return {"id": uuid4(), "member": "vp", "name": name, "language": "en", "sections": list(sections),
            "abbreviation": "VP", "institution": NAME}  # fmt: skip


class TestStandings:
    def test_a_focal_point_and_a_deputy_are_their_institution(self) -> None:
        found = standings([contact("deputy"), contact("focal_point")], [])
        assert [(one.kind, one.role, one.member) for one in found] == [("focal_point", "member", "vp")]

    def test_one_address_may_be_several_people_of_several_institutions(self) -> None:
        rows = [
            contact("authorised_officer"),
            contact("focal_point"),
            contact("coordinator", "iem"),
            contact("observer", "marta"),
        ]
        found = standings(rows, [helper("funding", name="Anna")])
        assert [(one.role, one.member) for one in found] == [
            ("coordinator", "iem"), ("member", "vp"), ("officer", "vp"), ("observer", "marta"), ("contributor", "vp"),
        ]  # fmt: skip

    def test_a_contributor_fills_the_sections_given_and_is_named_in_no_journal(self) -> None:
        (one,) = standings([], [helper("funding", "observations", name="Anna Paraudziņa")])
        assert one.sections == {"funding", "observations"}
        assert one.display == "Anna Paraudziņa"
        assert one.subject == f"contributor:{one.contributor}"

    def test_a_contact_is_named_by_its_number(self) -> None:
        number = uuid4()
        (one,) = standings([contact("focal_point", id=number)], [])
        assert one.subject == f"contact:{number}"


class TestSteps:
    def entry(self, *rows: dict, enrolled: bool = False, required: frozenset[str] = frozenset()) -> object:
        found = standings(rows, [])
        arriving = arrived("A@vp.example", "link", "Firefox, Windows", "/intake/")
        one = only(found)
        return as_standing(arriving, one, enrolled=enrolled, required=required) if one else arriving

    def test_who_is_one_thing_is_in_at_once(self) -> None:
        entry = self.entry(contact("focal_point"))
        assert (entry.step, entry.roles, entry.member, entry.address) == ("complete", {"member"}, "vp", "a@vp.example")

    def test_who_is_several_things_chooses_and_has_no_role_before(self) -> None:
        entry = self.entry(contact("focal_point"), contact("focal_point", "lm"))
        assert (entry.step, entry.roles, entry.member) == ("role", frozenset(), None)

    def test_a_coordinator_sets_a_device_up_where_that_is_asked(self) -> None:
        required = frozenset({"coordinator"})
        assert self.entry(contact("coordinator"), required=required).step == "enrol"
        assert self.entry(contact("coordinator")).step == "complete"
        assert self.entry(contact("focal_point"), required=required).step == "complete"

    def test_whoever_has_a_device_shows_its_code(self) -> None:
        assert self.entry(contact("focal_point"), enrolled=True).step == "code"
        assert self.entry(contact("coordinator"), enrolled=True, required=frozenset({"coordinator"})).step == "code"

    def test_a_code_shown_counts_for_the_roles_one_switches_to(self) -> None:
        entry = replace(self.entry(contact("focal_point"), enrolled=True), second_factor_at=NOW)
        (coordinator,) = standings([contact("coordinator", "iem")], [])
        assert as_standing(entry, coordinator, enrolled=True, required=frozenset({"coordinator"})).step == "complete"

    @pytest.mark.parametrize(
        ("agent", "said"),
        [
            ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Windows"),
            ("Mozilla/5.0 (Macintosh; Intel Mac OS X) AppleWebKit/605 Version/18 Safari/605", "Safari, macOS"),
            ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
            ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome, Android"),
            ("curl/8", ""),
            ("<script>", ""),
        ],
    )
    def test_a_browser_is_named_so_that_its_user_knows_it(self, agent: str, said: str) -> None:
        assert browser_named(agent) == said


LINK = {"browser": b"mine", "expires_at": NOW + LIFETIME, "used_at": None}


class TestLinks:
    def test_a_link_is_good_once_in_time_and_in_its_browser(self) -> None:
        assert worth(LINK, b"mine", NOW) == "good"
        assert worth(LINK, b"other", NOW) == "other_browser"
        assert worth(LINK, None, NOW) == "other_browser"
        assert worth({**LINK, "used_at": NOW}, b"mine", NOW) == "used"
        assert worth(LINK, b"mine", NOW + LIFETIME) == "expired"
        assert worth(None, b"mine", NOW) == "unknown"

    @pytest.mark.parametrize("text", ["a@vp.example", "a.b+c@x.y.example", "ā@vp.example"])
    def test_an_address(self, text: str) -> None:
        assert is_address(text)

    @pytest.mark.parametrize(
        "text",
        ["", "a", "a@b", "a b@vp.example", "a@vp.example\r\nBcc: x@y.example", "<a@vp.example>", "a" * 250 + "@x.lv",
         "a@vp.example, b@vp.example"],
    )  # fmt: skip
    def test_no_address(self, text: str) -> None:
        assert not is_address(text)

    @pytest.mark.parametrize(
        "address",
        [
            "//evil.example",
            "/\\evil.example",
            "https://evil.example/",
            "javascript:alert(1)",
            "evil",
            "/a\r\nb",
            "/\tx",
        ],
    )
    def test_nobody_is_sent_to_another_site(self, address: str) -> None:
        assert safe_return(address, "/home") == "/home"
        assert safe_return("/intake/queue?period=2026-Q3", "/home") == "/intake/queue?period=2026-Q3"


class TestSecondFactor:
    SECRET = pyotp.random_base32()

    def code(self, at: datetime) -> str:
        return pyotp.TOTP(self.SECRET).at(at)

    def test_the_code_of_now_and_of_the_steps_around_is_taken(self) -> None:
        for seconds in (-30, 0, 30):
            assert factor.matching_step(self.SECRET, self.code(NOW + timedelta(seconds=seconds)), NOW, 0) is not None
        for seconds in (-90, 90):
            assert factor.matching_step(self.SECRET, self.code(NOW + timedelta(seconds=seconds)), NOW, 0) is None

    def test_a_code_is_taken_once_and_so_is_any_before_it(self) -> None:
        step = factor.matching_step(self.SECRET, self.code(NOW), NOW, 0)
        assert step is not None
        assert factor.matching_step(self.SECRET, self.code(NOW), NOW, step) is None
        assert factor.matching_step(self.SECRET, self.code(NOW - timedelta(seconds=30)), NOW, step) is None
        assert factor.matching_step(self.SECRET, self.code(NOW + timedelta(seconds=30)), NOW, step) == step + 1

    def test_recovery_codes_are_ten_and_can_be_typed_as_one_likes(self) -> None:
        codes = factor.new_recovery_codes()
        assert len(set(codes)) == factor.RECOVERY_CODES
        assert factor.plain_code(f" {codes[0].upper().replace('-', ' – ')} ") == codes[0].replace("-", "")
        assert not any(factor.is_one_time(factor.plain_code(code)) for code in codes)

    def test_the_secret_opens_with_the_same_pepper_and_for_the_same_person_only(self) -> None:
        owner = person_of(PEPPER, "A@vp.example")
        sealed = seal(PEPPER, self.SECRET, owner)
        assert self.SECRET.encode() not in sealed
        assert unseal(PEPPER, sealed, person_of(PEPPER, "a@VP.example")) == self.SECRET
        for pepper, other in ((PEPPER, person_of(PEPPER, "b@vp.example")), ("q" * 32, owner)):
            with pytest.raises(InvalidTag):
                unseal(pepper, sealed, other)

    def test_the_picture_needs_no_script_and_no_style(self) -> None:
        picture = factor.picture(factor.address_for_device(self.SECRET, "a@vp.example"), "Kods <b>")
        assert picture.startswith("<svg")
        assert "<title>Kods &lt;b&gt;</title>" in picture
        assert "style" not in picture
        assert "<script" not in picture


HEADER = {"alg": "RS256"}


class TestProvider:
    def claims(self, **more: object) -> dict:
        moment = int(NOW.timestamp())
        return {"iss": "https://id.example", "aud": "nrem", "sub": "1", "exp": moment + 60, "iat": moment,
                "nonce": "n", "email": "a@vp.example", "email_verified": True, **more}  # fmt: skip

    def address(self, claims: dict, **more: object) -> str:
        wanted = {"issuer": "https://id.example", "client": "nrem", "nonce": "n", "access_token": None, "now": NOW}
        return address_in(claims, HEADER, **{**wanted, **more})

    def test_a_verified_address_is_taken(self) -> None:
        assert self.address(self.claims()) == "a@vp.example"
        assert self.address(self.claims(aud=["nrem"])) == "a@vp.example"

    @pytest.mark.parametrize(
        "forged",
        [{"iss": "https://evil.example"}, {"aud": "other"}, {"aud": ["other"]}, {"nonce": "m"}, {"exp": 1}, {"sub": ""},
         {"iat": int(NOW.timestamp()) + 3600}, {"azp": "other"}, {"exp": None}, {"nonce": None}],
    )  # fmt: skip
    def test_a_token_for_somebody_else_or_another_time_is_not(self, forged: dict) -> None:
        claims = {name: value for name, value in self.claims(**forged).items() if value is not None}
        with pytest.raises(NotTrusted):
            self.address(claims)

    def test_an_access_token_must_belong_to_it(self) -> None:
        with pytest.raises(NotTrusted):
            self.address(self.claims(at_hash="x"), access_token="token")

    @pytest.mark.parametrize(
        "claims", [{"email": None}, {"email_verified": False}, {"email_verified": "true"}, {"email": 3}]
    )
    def test_an_address_that_nobody_vouches_for_is_none(self, claims: dict) -> None:
        with pytest.raises(NoAddress):
            self.address(self.claims(**claims))

    def test_an_installation_may_trust_its_provider_without_the_word(self) -> None:
        claims = self.claims()
        del claims["email_verified"]
        assert self.address(claims, trust_unverified=True) == "a@vp.example"

    def test_the_verifier_is_the_browsers_own_and_only_its_hash_travels(self) -> None:
        address = authorization_address(
            {"authorization_endpoint": "https://id.example/auth?tenant=1"},
            "nrem",
            "https://here/return",
            "browser",
            "s",
        )
        verifier = derived("browser", "verifier", "s")
        assert len(verifier) == 43
        assert verifier not in address
        assert f"code_challenge={create_s256_code_challenge(verifier)}" in address
        assert "code_challenge_method=S256" in address
        assert "tenant=1" in address
        assert "state=s" in address
        assert f"nonce={derived('browser', 'nonce', 's')}" in address
        others = [("b", "nonce", "s"), ("c", "verifier", "s"), ("b", "verifier", "t")]
        assert derived("b", "verifier", "s") not in {derived(*values) for values in others}


class TestInvitations:
    def test_everything_wrong_is_said_at_once(self) -> None:
        found = mistakes(Invitation.typed(" ", "nobody", "lv", ["weather"]), ())
        assert [(one.field, one.code) for one in found] == [
            ("name", "people.name_missing"), ("address", "people.address_wrong"),
            ("sections", "people.sections_missing"),
        ]  # fmt: skip

    def test_nobody_is_asked_twice_and_no_more_than_some(self) -> None:
        given = Invitation.typed("Anna  Paraudziņa", "A@vp.example ", "lv", ["funding", "observations", "funding"])
        assert given.sections == ("observations", "funding")
        assert mistakes(given, ()) == ()
        assert [one.code for one in mistakes(given, ["a@vp.example"])] == ["people.address_known"]
        many = [f"{n}@vp.example" for n in range(MOST_PER_INSTITUTION)]
        assert [one.code for one in mistakes(given, many)] == ["people.too_many"]
