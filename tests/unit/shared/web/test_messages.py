import pytest
from markupsafe import Markup

from nrem_shared.web.completeness import missing_messages
from nrem_shared.web.messages import MissingMessage, build_translators

pytestmark = pytest.mark.unit


def test_every_message_exists_in_both_languages_and_every_used_one_exists() -> None:
    assert missing_messages() == ()


@pytest.mark.parametrize(
    ("n", "text"),
    [
        (0, "0 dienu"),
        (1, "1 diena"),
        (2, "2 dienas"),
        (9, "9 dienas"),
        (10, "10 dienu"),
        (11, "11 dienu"),
        (19, "19 dienu"),
        (20, "20 dienu"),
        (21, "21 diena"),
        (22, "22 dienas"),
        (111, "111 dienu"),
        (121, "121 diena"),
    ],
)
def test_latvian_counts_with_its_three_forms(n: int, text: str) -> None:
    assert build_translators(["nrem_shared.web"], pseudo=False, strict=True)["lv"].count("count.days", n) == text


def test_english_counts_with_two_forms() -> None:
    english = build_translators(["nrem_shared.web"], pseudo=False, strict=True)["en"]
    assert [english.count("count.days", n) for n in (0, 1, 2)] == ["0 days", "1 day", "2 days"]


def test_a_missing_message_raises_and_names_itself() -> None:
    latvian = build_translators(["nrem_shared.web"], pseudo=False, strict=True)["lv"]
    with pytest.raises(MissingMessage, match="no message 'nowhere' in the catalogue of 'lv'"):
        latvian("nowhere")


def test_without_strictness_the_default_language_or_the_id_is_shown() -> None:
    assert build_translators(["nrem_shared.web"], pseudo=False, strict=False)["en"]("nowhere") == "nowhere"


def test_the_pseudo_locale_brackets_and_lengthens_every_message() -> None:
    pseudo = build_translators(["nrem_shared.web"], pseudo=True, strict=True)["qps"]
    assert pseudo("layout.sign_out") == "[!Sign out ~~~!]"
    assert pseudo.count("count.days", 1) == "[!1 day ~~!]"


def test_a_value_with_markup_stays_markup_and_the_message_around_it_is_escaped() -> None:
    english = build_translators(["nrem_shared.web"], pseudo=False, strict=True)["en"]
    assert english("layout.version", version=Markup("<b>1</b>")) == Markup("Version <b>1</b>.")
