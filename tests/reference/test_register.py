"""Only a tagged test that ran and passed proves a duty; the command counts, prints and writes that and nothing else."""

from io import StringIO

import pytest
from django.core.management.base import CommandError

from coordination.management.commands import obligations as command
from coordination.reference import obligations
from coordination.register import TestOutcome, TestRun, UnknownObligation, covered, read_run, run_path, write_run

POLICY = "R2-a"
BUILD = "R7.1.2-l"


def outcome(nodeid, result, *ids):
    return TestOutcome(nodeid, result, ids)


@pytest.fixture(autouse=True)
def own_var(tmp_path, monkeypatch):
    monkeypatch.setenv("SAMVIRKE_VAR", str(tmp_path / "var"))


@pytest.fixture
def call(tmp_path):
    """Run the command against a document of our own; returns what it printed and the document's path."""

    def run():
        out = StringIO()
        instance = command.Command(stdout=out)
        instance.document = tmp_path / "obligations.md"
        instance.handle()
        return out.getvalue(), instance.document

    return run


def test_a_passed_test_proves_its_duties():
    assert covered(obligations(), [outcome("a", "passed", BUILD, "R5.1.1-c")]) == {BUILD: ("a",), "R5.1.1-c": ("a",)}


@pytest.mark.parametrize("result", ["failed", "error", "skipped", "xfailed", "xpassed"])
def test_nothing_but_a_pass_proves(result):
    assert covered(obligations(), [outcome("a", result, BUILD)]) == {}


@pytest.mark.parametrize(("result", "proven"), [("failed", False), ("error", False), ("skipped", True)])
def test_a_failure_beside_a_pass_takes_the_proof_away(result, proven):
    assert (BUILD in covered(obligations(), [outcome("a", "passed", BUILD), outcome("b", result, BUILD)])) is proven


def test_an_unknown_id_is_an_error_even_when_it_failed():
    with pytest.raises(UnknownObligation, match="a names R9-z"):
        covered(obligations(), [outcome("a", "failed", "R9-z")])


def test_a_run_is_kept_and_read_back():
    run = TestRun(complete=True, outcomes=(outcome("a", "passed", BUILD), outcome("b", "failed", POLICY)))
    assert read_run(run_path()) is None
    write_run(run_path(), run)
    assert read_run(run_path()) == run
    assert [path.name for path in run_path().parent.iterdir()] == ["obligations.json"]


def test_the_command_counts_built_duties_only(call):
    tests = (outcome("t.py::a[1]", "passed", BUILD, POLICY), outcome("t.py::a[2]", "passed", BUILD))
    write_run(run_path(), TestRun(complete=True, outcomes=tests))
    printed, document = call()
    assert printed.endswith("\nobligations: 1 of 269 covered\n")
    assert printed.count("· t.py::a") == 1
    text = document.read_text(encoding="utf-8")
    assert f"| {BUILD} | skal |" in text
    assert "| `t.py::a` |" in text
    assert all(f"| {duty.id} |" in text for duty in obligations())
    assert text.index(f"| {POLICY} |") > text.index("## Policy only")


def test_no_run_is_nothing_covered(call):
    assert call()[0].splitlines()[-1] == "obligations: 0 of 269 covered"


@pytest.mark.parametrize("complete", [True, False])
def test_only_a_complete_run_replaces_the_document(call, complete):
    _, document = call()
    before = document.read_text(encoding="utf-8")
    write_run(run_path(), TestRun(complete=complete, outcomes=(outcome("a", "passed", BUILD),)))
    printed, _ = call()
    assert printed.splitlines()[-1] == "obligations: 1 of 269 covered"
    assert (document.read_text(encoding="utf-8") != before) is complete


def test_the_document_is_the_same_twice(call):
    tests = [outcome("b", "passed", BUILD), outcome("a", "passed", BUILD)]
    texts = []
    for order in (tests, tests[::-1]):
        write_run(run_path(), TestRun(complete=True, outcomes=tuple(order)))
        texts.append(call()[1].read_bytes())
    assert texts[0] == texts[1]


def test_an_id_that_left_the_register_stops_the_command(call):
    write_run(run_path(), TestRun(complete=True, outcomes=(outcome("a", "passed", "R9-z"),)))
    with pytest.raises(CommandError, match="R9-z"):
        call()
