"""The arithmetic and the words of the bench: medians of ratios, verdicts, and a report that hides nothing."""

import json

import pytest

from bench import goals, report, timing
from bench.results import Results


def test_a_ratio_is_taken_within_each_round():
    # Everything was ten times slower in the second round; the ratio is not.
    assert timing.ratio([2.0, 20.0, 2.0], [1.0, 10.0, 1.0]) == 2.0
    assert timing.ratio([3.0, 2.0, 400.0], [1.0, 1.0, 1.0]) == 3.0


def test_a_ratio_survives_a_clock_that_did_not_move():
    assert timing.ratio([1.0], [0.0]) > 1e6


def test_rounds_take_every_variant_and_begin_with_another_one():
    order = []
    taken = timing.rounds_of({name: lambda name=name: order.append(name) or 1.0 for name in "abc"}, 3)
    assert "".join(order) == "abcbcacab"
    assert taken == {name: [1.0, 1.0, 1.0] for name in "abc"}


def test_interleaving_gives_a_sample_a_round_and_at_least_three():
    assert {len(samples) for samples in timing.interleave({"a": int, "b": str}, rounds=5).values()} == {5}
    assert {len(samples) for samples in timing.interleave({"a": int}, rounds=9, seconds=0).values()} == {3}


def test_processor_time_counts_work_and_not_waiting():
    clock = timing.Cpu([])
    begin = clock()
    sum(range(200_000))
    assert clock() > begin


@pytest.mark.parametrize(
    ("name", "value", "met"),
    [
        ("walls.list.agency", 1.25, True),
        ("walls.letters.inbox.unit", 1.26, False),
        ("guardian.list.unit", 20, True),
        ("guardian.list.unit", 19.9, False),
        ("page.person.officer", 1.5, True),
        ("check.log.officer", 1.51, False),
        ("floor.worklist.nurse", 30, True),
        ("audit.cost", 0.8, True),
        ("audit.cost", 0.79, False),
        ("sweep.minute", 10.1, False),
        ("sweep.backlog", 3, True),
        ("pdf.memory", 2.01, False),
        ("growth.sweep", 1.2, True),
    ],
)
def test_each_figure_finds_its_goal(name, value, met):
    assert goals.goal_of(name).met(value) is met


@pytest.mark.parametrize(
    "name", ["walls.list.agency@10k", "guardian.count.unit", "guardian_in_agency.list.unit", "guardian.list.region"]
)
def test_other_sizes_and_comparisons_have_no_goal(name):
    assert goals.goal_of(name) is None


def test_the_worst_of_a_page_stands_under_the_name_of_the_goal():
    results = Results(numbers={"page.person.officer": 1.1, "page.person.nurse": 1.4, "page.person.nurse@10k": 9.0})
    results.worst("page.person", "page.person.")
    results.worst("page.measure", "page.measure.")
    assert results.numbers["page.person"] == 1.4
    assert "page.measure" not in results.numbers


def test_the_report_says_what_missed_why_and_what_was_not_measured(tmp_path):
    results = Results()
    results.compare("walls.list.agency", [0.003, 0.003], [0.001, 0.001], ("walls", "hand"))
    results.put("guardian.list.agency", 300)
    results.put("walls.list.agency@10k", 1.1)
    results.skip("page.measure.officer", "no URL is called measure yet")
    document, numbers = tmp_path / "performance.md", tmp_path / "results.json"
    report.write(results, document=document, numbers=numbers)
    assert json.loads(numbers.read_text()) == {
        "guardian.list.agency": 300,
        "walls.list.agency": 3.0,
        "walls.list.agency@10k": 1.1,
    }
    text = document.read_text()
    assert "| `walls.list.agency` | 3 | **missed** | walls 3, hand 1 |" in text
    assert "| `guardian.list.agency` | 300 | met |" in text
    assert goals.IDENTITY in text
    assert goals.IDENTITY_PLAN in text
    assert "| `page.measure.officer` | no URL is called measure yet |" in text
    assert "`walls.list.agency@10k` | 1.1" in text.partition("## For comparison")[2]
    assert report.summary(results) == "bench: 1 of 2 figures meet their goal, 1 not measured"


def test_a_report_without_misses_has_no_chapter_of_them():
    assert not any("Missed goals" in line for line in report.lines(Results(numbers={"audit.cost": 0.9})))


@pytest.mark.parametrize("goal", goals.GOALS, ids=lambda goal: goal.pattern)
def test_every_goal_says_what_it_means(goal):
    assert goal.meaning
    assert bool(goal.reason) == bool(goal.plan)
