"""Files are read so that every error names its line, and words stay words."""

from __future__ import annotations

from pathlib import Path

import pytest

from nrem_embedded.documents import BadDocument, parse_document, read_document

HERE = Path("quarter.yaml")

QUARTER = """\
period: 2026-Q3
observations:
- {indicator: VICT_REG, citizenship: NO, value: 3}
- indicator: INSP_SIGNALS
  sector: MINING
  value:
    4
comment: off
"""


def test_each_part_knows_its_line() -> None:
    document = parse_document(QUARTER, HERE)
    places = ("", "/period", "/observations", "/observations/0/citizenship", "/observations/1", "/observations/1/value")
    assert [document.line_of(place) for place in places] == [1, 1, 2, 3, 4, 6]


def test_what_is_not_there_has_the_line_of_what_is_around_it() -> None:
    document = parse_document(QUARTER, HERE)
    assert document.line_of("/observations/1/empty") == 4
    assert document.line_of("/observations/7/value") == 2
    assert document.line_of("/nothing/of/the/kind") == 1


def test_norway_and_dates_stay_words() -> None:
    content = parse_document(QUARTER + "date: 2026-07-30\nflag: true\nnone: null\n", HERE).content
    assert content["observations"][0] == {"indicator": "VICT_REG", "citizenship": "NO", "value": 3}
    assert (content["comment"], content["date"], content["flag"], content["none"]) == ("off", "2026-07-30", True, None)


def test_json_is_read_with_lines_too() -> None:
    document = parse_document('{"period": "2026-Q3",\n "observations": [\n  {"value": -1}]}', Path("quarter.json"))
    assert document.content["observations"][0]["value"] == -1
    assert document.line_of("/observations/0/value") == 3


def test_pointers_are_escaped() -> None:
    document = parse_document("a/b:\n  m~n: 1\n", HERE)
    assert document.line_of("/a~1b/m~0n") == 2


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("a: 1\nb: [1\nc: 2\n", 3, "flow sequence"),
        ("a: 1\nb: 2\na: 3\n", 3, "'a' stands here a second time"),
        ("list:\n- x: 1\n  x: 2\n", 3, "'x' stands here a second time"),
        ("", 1, "the file is empty"),
        ("a: !!python/name:os.system x\n", 1, "could not determine a constructor"),
    ],
)
def test_a_file_that_cannot_be_read_names_line_and_reason(text: str, line: int, reason: str) -> None:
    with pytest.raises(BadDocument) as caught:
        parse_document(text, HERE)
    fault = caught.value.faults[0]
    assert fault.line == line
    assert reason in fault.reason
    assert str(fault).startswith(f"quarter.yaml:{line}: ")


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadDocument, match="no such file"):
        read_document(tmp_path / "nowhere.yaml")


def test_bytes_that_are_no_text_say_so(tmp_path: Path) -> None:
    path = tmp_path / "picture.yaml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadDocument, match="no text in UTF-8"):
        read_document(path)
