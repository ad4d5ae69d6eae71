"""The statutory rows of the register (B01 to B18, N01 to N11), one by one: which clocks each has, and which tests prove them."""

import ast
from functools import cache
from pathlib import Path

import pytest

from coordination.deadlines import RULES
from coordination.models.deadlines import Strength
from coordination.reference.duties import deadline_rules
from isolation.law.deadlines import REGISTERED, TIMED
from isolation.rules.law import ALL_LIMITS

HERE = Path(__file__).resolve().parents[2]
LAW, LIMITS = "tests/rules/test_isolation_law.py", "tests/isolation/test_limits.py"
COURT, ACT = "tests/isolation/test_court.py", "tests/isolation/test_act_2026.py"
IN_FORCE = f"{LAW}::test_the_limits_in_force_by_kind_extent_ground_and_age"
OF_2026 = f"{LAW}::test_the_limits_of_the_2026_act"
KEPT = f"{ACT}::test_a_measure_keeps_the_law_it_began_under"

#: row → its clocks, and the tests that prove when they are due and what meets them.
ROWS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "B01": (
        ("B01",),
        (IN_FORCE, f"{LAW}::test_time_of_the_same_kind_counts_together_through_a_chain_and_breaks_do_not"),
    ),
    "B02": (("B02",), (IN_FORCE, f"{LAW}::test_reports_to_the_directorate_repeat_every_fourteen_days")),
    "B03": (("B03",), (IN_FORCE,)),
    "B04": (("B04",), (IN_FORCE, f"{LAW}::test_the_limits_of_a_minor_go_on_the_eighteenth_birthday")),
    "B05": (("B05A", "B05B"), (IN_FORCE, f"{LIMITS}::test_the_limits_of_a_child_give_way_on_the_eighteenth_birthday")),
    "B06": (("B06",), (IN_FORCE, f"{LAW}::test_easing_gives_the_partial_limits_their_own_count")),
    "B07": (("B07",), (IN_FORCE,)),
    "B08": (("B08",), (IN_FORCE, f"{LIMITS}::test_an_extension_moves_the_longest_time")),
    "B09": (("B09", "B09K"), (IN_FORCE, f"{LIMITS}::test_an_extension_moves_the_longest_time")),
    "B10": (("B10",), (IN_FORCE, f"{LAW}::test_what_the_law_allows_for_whom")),
    "B11": (("B11A", "B11B"), (IN_FORCE, f"{LAW}::test_limits_are_elapsed_time_on_both_nights_the_clock_changes")),
    "B12": (("B12A", "B12B"), (IN_FORCE,)),
    "B13": (("B13A", "B13B"), (IN_FORCE, f"{LIMITS}::test_a_step_is_recorded_about_an_ended_measure_too")),
    "B14": (("B14A", "B14B"), (IN_FORCE,)),
    "B15": (
        ("B15", "B15M"),
        (
            f"{COURT}::test_48_hours_before_the_order_runs_out_the_leaders_are_told_and_again_after_an_extension",
            f"{COURT}::test_the_court_extends_and_the_alert_moves",
            f"{LAW}::test_orders_in_a_row_come_to_six_weeks_or_twelve_unless_the_reasons_are_weighty",
        ),
    ),
    "B16": (("B16",), (IN_FORCE,)),
    "B18": (("B18",), (f"{LIMITS}::test_the_guardian_hears_anew_of_every_decision_of_those_above",)),
    "N01": (
        ("N01A", "N01B", "N01C", "N01D"),
        (OF_2026, KEPT, f"{LAW}::test_a_new_decision_is_due_a_week_after_the_last"),
    ),
    "N02": (("N02A", "N02B"), (OF_2026,)),
    "N03": (("N03",), (OF_2026, f"{ACT}::test_under_the_act_some_measures_and_grounds_are_gone")),
    "N04": (("N04A", "N04B"), (OF_2026,)),
    "N05": (
        ("N05A", "N05B"),
        (f"{ACT}::test_keeping_to_oneself_is_reported_after_14_and_30_days_and_then_every_14",),
    ),
    "N06": (("N06",), (OF_2026, f"{LAW}::test_the_plan_of_the_act_is_met_by_a_plan")),
    "N07": (("N07A", "N07B", "N07C", "N07D"), (OF_2026, f"{ACT}::test_a_new_decision_each_day_is_a_reassessment")),
    "N08": (("N08A", "N08B", "N08C", "N08D"), (OF_2026,)),
    "N09": (("N09A", "N09B"), (OF_2026,)),
    "N10": (
        ("N10",),
        (
            f"{ACT}::test_more_than_two_hours_with_others_is_offered_every_whole_date",
            f"{ACT}::test_under_the_act_less_than_four_hours_out_is_locked_in_without_a_decision",
        ),
    ),
    "N11": (
        ("D29", "D30"),
        (
            "tests/follow_up/test_supervision.py::test_the_first_visit_counts_from_the_start_of_the_measure",
            "tests/follow_up/test_supervision.py::test_two_taps_log_a_visit_and_the_next_is_due_within_a_day",
        ),
    ),
}
#: Rows whose clock is not a limit of this app's own, with the reason.
ELSEWHERE = {
    "N11": "the visit is the health service's, and so is its clock: D29 and D30 hold for cell and bed whatever the law of the prison",
}


@cache
def _tests_in(path: str) -> frozenset[str]:
    tree = ast.parse((HERE / path).read_text())
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def test_every_row_about_measures_is_in_the_table() -> None:
    rows = {rule.id for rule in deadline_rules() if rule.id in {limit.register for limit in ALL_LIMITS.values()}}
    assert rows == set(ROWS)
    assert {"B01", "B16", "B18", "N01", "N11"} <= rows


@pytest.mark.parametrize("row", sorted(ROWS))
def test_every_row_has_its_clocks_and_a_proof_by_name(row) -> None:
    clocks, proofs = ROWS[row]
    for code in clocks:
        assert RULES[code].strength is Strength.MUST
        assert RULES[code].steps, "somebody is told"
    own = {code for code, limit in ALL_LIMITS.items() if limit.register == row}
    if row not in ELSEWHERE:
        assert own == set(clocks)
        assert own <= TIMED.keys() | REGISTERED.keys() | {"N10"}
    assert proofs
    for proof in proofs:
        path, _colons, name = proof.partition("::")
        assert name in _tests_in(path), proof
