"""The shipped fixtures are whole and agree with each other, and each rule of the reader refuses what it should."""

import csv
import datetime as dt
import shutil

import pytest
import yaml

from coordination import reference
from coordination.reference.reading import stands
from coordination.worlds import PERSONAL_WORLDS

ALERTS = {"LB04", "LB05", "LB07", "LB16", "LB18"}


@pytest.fixture
def copy(tmp_path):
    """The shipped fixtures, ready to be spoiled. A fresh folder each time, so nothing cached is met."""
    shutil.copytree(reference.FIXTURES, tmp_path / "fixtures")
    return tmp_path / "fixtures"


def edit_csv(folder, file_name, row, **values):
    """Change one row (0 = first data row) of a CSV file."""
    path = folder / "reference" / file_name
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[row].update(values)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def edit_basis(folder, code, **values):
    path = folder / "legal_bases.yaml"
    rows = yaml.safe_load(path.read_text(encoding="utf-8"))
    next(row for row in rows if row["code"] == code).update(values)
    path.write_text(yaml.safe_dump(rows, allow_unicode=True), encoding="utf-8")


def basis(code, folder=reference.FIXTURES):
    return next(row for row in reference.legal_bases(folder) if row.code == code)


@pytest.mark.parametrize(
    ("read", "count"),
    [
        (reference.counties, 15),
        (reference.municipalities, 357),
        (reference.health_authorities, 4),
        (reference.health_trusts, 20),
        (reference.regions, 5),
        (reference.prisons, 52),
        (reference.legal_bases, 20),
        (reference.obligations, 301),
        (reference.deadline_rules, 79),
    ],
)
def test_the_shipped_files_are_valid_and_whole(read, count):
    assert len(read()) == count


def test_269_duties_are_for_the_software_and_32_for_people():
    builds = [duty.build for duty in reference.obligations()]
    assert (builds.count(True), builds.count(False)) == (269, 32)


def test_every_deadline_a_duty_names_exists():
    rules = {rule.id for rule in reference.deadline_rules()}
    assert {id_ for duty in reference.obligations() for id_ in duty.deadlines} <= rules


def test_every_rule_of_the_circulars_serves_a_duty_and_adopted_law_waits():
    for rule in reference.deadline_rules():
        assert bool(rule.obligations) is (rule.family == "circular")
        assert rule.in_force is (rule.family != "pending")


def test_regions_cover_every_county():
    covered = {county for region in reference.regions() for county in region.covers}
    assert covered == {county.name for county in reference.counties()}


# --- legal bases -----------------------------------------------------------------------------------------------------


def test_exactly_the_alerts_are_duties_and_nothing_can_block_them():
    assert {row.code for row in reference.legal_bases() if row.duty} == ALERTS
    assert all(row.blocked_by == "none" and row.needs != "consent" for row in reference.legal_bases() if row.duty)


def test_no_custody_basis_meets_an_objection_and_only_consent_meets_a_refusal():
    for row in reference.legal_bases():
        assert (row.blocked_by == "refusal") is (row.code in {"LB01", "LB02"})
        if "custody" in row.senders:
            assert row.blocked_by != "objection"


@pytest.mark.parametrize(
    ("code", "on", "fragment"),
    [
        ("LB05", dt.date(2026, 5, 31), "FOR-2011-12-16-1258) § 7"),
        ("LB05", dt.date(2026, 6, 1), "FOR-2026-05-29-941) § 9"),
        ("LB10", dt.date(2026, 6, 30), "§ 25 første ledd"),
        ("LB10", dt.date(2026, 7, 1), "§§ 25 og 29"),
        ("LB16", dt.date(2026, 6, 1), "§ 13 andre ledd"),
        ("LB19", dt.date(2026, 6, 30), "§ 45 a"),
        ("LB19", dt.date(2026, 7, 1), "§ 26"),
    ],
)
def test_the_reference_follows_the_date(code, on, fragment):
    assert [fragment in version.statute for version in basis(code).versions if stands(version, on)] == [True]


def test_every_basis_stands_on_every_day_from_the_first():
    for row in reference.legal_bases():
        assert row.versions[0].valid_from == dt.date(2025, 1, 1)
        assert row.versions[-1].valid_to is None
        for earlier, later in zip(row.versions, row.versions[1:], strict=False):
            assert later.valid_from == earlier.valid_to + dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("code", "sender", "recipient", "permitted"),
    [
        ("LB04", "custody", "municipal_health", True),
        ("LB04", "municipal_health", "custody", False),
        ("LB08", "custody", "municipal_health", True),
        ("LB08", "municipal_health", "custody", True),
        ("LB08", "custody", "custody", False),
        ("LB09", "municipal_health", "custody", True),
        ("LB09", "custody", "municipal_health", False),
        ("LB12", "municipal_health", "specialist_health", True),
        ("LB12", "municipal_health", "municipal_health", False),
        ("LB12", "municipal_health", "custody", False),
        ("LB13", "specialist_health", "municipal_health", True),
        ("LB13", "municipal_health", "specialist_health", False),
        ("LB20", "custody", "external", True),
        ("LB20", "municipal_health", "external", False),
    ],
)
def test_a_basis_goes_only_where_the_law_sends_it(code, sender, recipient, permitted):
    assert ((sender, recipient) in basis(code).routes) is permitted


def test_worlds_are_those_of_the_product():
    used = {world for row in reference.legal_bases() for world in (*row.senders, *row.recipients)}
    assert used == {*PERSONAL_WORLDS, reference.EXTERNAL}


# --- refusals; the fixture `copy` read unspoiled is the twin that succeeds --------------------------------------------


def test_an_unspoiled_copy_is_read(copy):
    assert reference.prisons(copy) == reference.prisons()
    assert reference.deadline_rules(copy) == reference.deadline_rules()


@pytest.mark.parametrize(
    ("name", "read", "values", "problem"),
    [
        ("health_trusts.csv", reference.health_trusts, {"org_number": "983971637"}, "modulus 11"),
        ("health_trusts.csv", reference.health_trusts, {"org_number": "993467049"}, "occurs twice"),
        ("health_trusts.csv", reference.health_trusts, {"authority": "983971636"}, "authority '983971636' is unknown"),
        ("municipalities.csv", reference.municipalities, {"number": "301"}, "'301' is not of the form"),
        ("municipalities.csv", reference.municipalities, {"county": "99"}, "county '99' is unknown"),
        ("municipalities.csv", reference.municipalities, {"name": " "}, "name is empty"),
        ("regions.csv", reference.regions, {"covers": "Oslo, Agder"}, "covered twice"),
        ("prisons.csv", reference.prisons, {"host_municipality": "Bergen"}, "municipality 0301 is not Bergen"),
        ("prisons.csv", reference.prisons, {"kind": "castle"}, "kind 'castle' is unknown"),
    ],
)
def test_a_bad_csv_row_is_named(copy, name, read, values, problem):
    edit_csv(copy, name, 0, **values)
    with pytest.raises(reference.InvalidReference, match=problem) as refused:
        read(copy)
    assert (refused.value.file, refused.value.row[:4]) == (name, "row ")


def test_a_short_csv_row_is_named_by_its_line(copy):
    path = copy / "reference" / "counties.csv"
    path.write_text(path.read_text(encoding="utf-8") + "99,Short\n", encoding="utf-8")
    with pytest.raises(reference.InvalidReference, match=r"counties\.csv, row 17: wrong number of columns"):
        reference.counties(copy)


VERSION = {"statute": "lov § 1", "valid_from": dt.date(2025, 1, 1), "valid_to": None, "note": ""}


@pytest.mark.parametrize(
    ("code", "values", "problem"),
    [
        ("LB04", {"blocked_by": "objection"}, "a duty cannot be blocked"),
        ("LB07", {"needs": "consent", "blocked_by": "refusal"}, "a duty cannot be blocked"),
        ("LB01", {"blocked_by": "none"}, "a refusal blocks what needs consent"),
        ("LB06", {"blocked_by": "refusal"}, "a refusal blocks what needs consent"),
        ("LB06", {"senders": ["cooperation"]}, "'cooperation' is not one of"),
        ("LB06", {"duty": "yes"}, "expected true or false"),
        ("LB06", {"title": ""}, "expected a text"),
        ("LB06", {"key": "own_data"}, "key occurs twice"),
        ("LB08", {"routes": [["custody", "external"]]}, "routes do not agree"),
        ("LB08", {"routes": [["custody", "municipal_health"]]}, "routes do not agree"),
        ("LB12", {"within": ["LB99"]}, "'LB99' is unknown"),
        ("LB06", {"versions": []}, "at least one version"),
        ("LB06", {"versions": [VERSION | {"valid_to": dt.date(2024, 1, 1)}]}, "ends before it begins"),
        ("LB06", {"versions": [VERSION | {"valid_from": "2025"}]}, "expected a date"),
        ("LB06", {"versions": [VERSION, VERSION | {"valid_from": dt.date(2026, 1, 1)}]}, "overlaps"),
        (
            "LB06",
            {
                "versions": [
                    VERSION | {"valid_to": dt.date(2025, 12, 31)},
                    VERSION | {"valid_from": dt.date(2025, 12, 31)},
                ]
            },
            "overlaps",
        ),
    ],
)
def test_a_bad_basis_is_named(copy, code, values, problem):
    edit_basis(copy, code, **values)
    with pytest.raises(reference.InvalidReference, match=problem) as refused:
        reference.legal_bases(copy)
    assert refused.value.file == "legal_bases.yaml"


def test_a_basis_may_change_from_one_day_to_the_next(copy):
    until, since = VERSION | {"valid_to": dt.date(2025, 12, 31)}, VERSION | {"valid_from": dt.date(2026, 1, 1)}
    edit_basis(copy, "LB06", versions=[until, since])
    assert len(basis("LB06", copy).versions) == 2


@pytest.mark.parametrize(
    ("name", "old", "new", "problem"),
    [
        ("obligations.yaml", "- id: R2-b\n", "- id: R2-a\n", "R2-a: id occurs twice"),
        ("obligations.yaml", "    - LB13\n", "    - LB93\n", "'LB93' is unknown"),
        ("obligations.yaml", "strength: anbefalt", "strength: helst", "'helst' is not one of"),
        ("deadlines.yaml", "- R5.1.1-b\n", "- R5.1.1-z\n", "D01: 'R5.1.1-z' is unknown"),
        ("deadlines.yaml", "id: N11", "id: N10", "N10: id occurs twice"),
        ("deadlines.yaml", "    name: Offer BRIK\n", "", "D06: 'name' is missing"),
    ],
)
def test_a_bad_duty_or_rule_is_named(copy, name, old, new, problem):
    path = copy / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(reference.InvalidReference, match=problem):
        reference.deadline_rules(copy)
