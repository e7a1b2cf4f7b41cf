"""The reader of pages in the pseudo-locale finds what is in no catalogue, and nothing else."""

import pytest

from support.pseudo import passed_over, untranslated

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p>[!Due ~~!]</p>", []),
        ("<p>Due</p>", ["Due"]),
        ("<p>[!Due [!12 May ~!] ~~!] later</p>", ["later"]),
        ("<p>[!Read <a href='/'>more</a> ~~!]</p>", []),
        ("<p><span translate='no'>VP <b>Anna</b></span><br>2026-Q3</p>", []),
        ("<p translate='no'>VP</p><p>VP</p>", ["VP"]),
        ("<nav aria-label='Pages'>[!x ~!]</nav>", ["Pages"]),
        ("<input placeholder='[!Name ~~!]' value='Anna'><textarea>Anna</textarea>", []),
        ("<script>let a = 'text'</script><svg><text>Years</text></svg>", []),
        ("<p>[!open</p>", ["1 brackets are left open"]),
        ("<title>[!Home ~~!] – [!NREM ~~!]</title>", []),
    ],
)
def test_what_is_outside_the_brackets(html: str, found: list[str]) -> None:
    assert untranslated(html) == found


def test_what_is_passed_over_is_known() -> None:
    html = "<p translate='no'>VP <b>Anna</b></p><code>SUSP</code><p>[!Due ~!]</p><svg><text>Years</text></svg>"
    html += "<ul translate='no'><li>[!Ask about this ~~~!] – Anna</li></ul>"
    assert passed_over(html) == ["VP", "Anna", "SUSP", "– Anna"]
