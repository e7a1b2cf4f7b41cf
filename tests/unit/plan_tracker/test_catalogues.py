"""Both catalogues say the same things, and every refusal has a text in them."""

from __future__ import annotations

import re
from pathlib import Path

import nrem_plan_tracker
from data_catalogue import load
from nrem_shared.web.messages import load_catalogue

PACKAGES = ("nrem_shared.web", "nrem_plan_tracker")
SOURCE = Path(nrem_plan_tracker.__file__).parent
_REFUSALS = re.compile(r'(?:Refusal\([^()]*?, "([a-z_]+)"|(?:conflict|unknown)\("([a-z_]+)")')
_IN_TEMPLATES = re.compile(r'\b_n?\("([a-z_]+\.[a-z_.]*[a-z_])"[,)]')


def test_latvian_and_english_have_the_same_ids() -> None:
    latvian, english = (load_catalogue(PACKAGES, language).identifiers() for language in ("lv", "en"))
    assert latvian == english


def test_every_refusal_is_explained() -> None:
    known = load_catalogue(PACKAGES, "lv").identifiers()
    source = "\n".join(path.read_text("utf-8") for path in SOURCE.rglob("*.py"))
    codes = {one or other for one, other in _REFUSALS.findall(source)}
    assert len(codes) > 30
    assert {code for code in codes if f"refusal.{code}" not in known} == set()


def test_every_text_of_a_template_is_in_the_catalogues() -> None:
    known = load_catalogue(PACKAGES, "lv").identifiers()
    used = {one for path in SOURCE.rglob("*.html") for one in _IN_TEMPLATES.findall(path.read_text("utf-8"))}
    assert len(used) > 100
    assert used - known == set()


def test_every_kind_of_activity_has_a_name_in_the_minutes() -> None:
    known = load_catalogue(PACKAGES, "lv").identifiers()
    types = {one["code"] for one in load("codelists.yaml")["codelists"]["activity_type"]["codes"]}
    assert {one for one in types if f"kind.{one}" not in known} == set()
