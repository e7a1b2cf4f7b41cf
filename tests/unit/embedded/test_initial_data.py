"""What an installation begins with is read whole, and as the contracts say."""

from __future__ import annotations

import pytest

from nrem_embedded.demonstration.founding import by_member, parts_of
from nrem_embedded.demonstration.reference_data import InitialData, initial_data, members_of, registered
from nrem_embedded.documents import read_document
from nrem_embedded.project_data import data_folder


@pytest.fixture(scope="module")
def data() -> InitialData:
    return initial_data(data_folder())


def test_every_code_list_indicator_and_project_is_there(data: InitialData) -> None:
    folder = data_folder()
    expected = {
        ("codelist", "calendar_exception"),  # of working_days.yaml
        *(("codelist", code) for code in read_document(folder / "codelists.yaml").content["codelists"]),
        *(("indicator", each["code"]) for each in read_document(folder / "indicators.yaml").content["indicators"]),
        *(("project", each["code"]) for each in read_document(folder / "projects.yaml").content["projects"]),
    }
    assert {(item["kind"], item["code"]) for item in data.reference} == expected
    assert len(data.reference) == len(expected)


def test_further_columns_of_a_code_are_kept(data: InitialData) -> None:
    citizenship = next(item for item in data.reference if item["code"] == "citizenship")
    norway = next(each for each in citizenship["codes"] if each["code"] == "NO")
    assert norway["attributes"]["group"] == "NEU27_2020_FOR"


def test_parents_stand_before_those_under_them(data: InitialData) -> None:
    codes = [each["code"] for each in data.institutions]
    assert len(codes) == 36
    for each in data.institutions:
        assert each["parent"] is None or codes.index(each["parent"]) < codes.index(each["code"])
    assert list(data.institutions) == registered(data_folder())


def test_memberships_of_both_groups_are_kept(data: InitialData) -> None:
    ministry = next(each for each in data.institutions if each["code"] == "tm")
    stretches = {(each["group"], each["since"], each["until"]) for each in ministry["memberships"]}
    assert stretches == {
        ("working_group_2017", "2017-02-28", "2025-08-25"),
        ("working_group_2025", "2025-08-26", None),
    }


def test_contacts_are_illustrative_and_lead_nowhere(data: InitialData) -> None:
    assert all(each.address.endswith(".example") and each.illustrative for each in data.contacts)
    assert {each.role for each in by_member(data)["iem"]} == {
        "focal_point",
        "deputy",
        "authorised_officer",
        "coordinator",
        "secretariat",
    }


def test_a_later_plan_stands_before_the_one_that_refers_to_it(data: InitialData) -> None:
    assert [each["code"] for each in data.plans] == ["2025-2027", "2021-2023"]


def test_figures_of_several_years_stay_together(data: InitialData) -> None:
    ranges = {(each["first_year"], each["last_year"]): each for each in data.history["ranges"]}
    assert ranges[(2021, 2023)]["value"] == 111
    assert ranges[(2021, 2023)]["of_whom"] == {"citizenship_group": {"NAT": 95}}
    assert set(ranges) == {(2021, 2023), (2021, 2024), (2016, 2024)}
    years = {each["year"]: each["value"] for each in data.history["figures"]}
    assert sorted(years) == list(range(2016, 2025))
    assert [each["alternative"] for each in data.history["figures"] if each["year"] == 2018] == [23]
    assert [(each["after"], each["before"]) for each in data.history["breaks"]] == [(2024, 2026)]


def test_progress_counts_every_part(data: InitialData) -> None:
    group = members_of(data_folder(), "working_group_2025")
    assert parts_of(data, group) == 3 + len(by_member(data)) + 17 + 2
