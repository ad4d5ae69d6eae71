"""Joins the register of duties with the outcomes of the last test run: which duties has a test proven?
Holds no test and runs none; believes only a test that ran and passed."""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coordination.reference import Obligation

REPOSITORY = Path(__file__).resolve().parent.parent
RUN_FILE = "obligations.json"


class UnknownObligation(ValueError):
    """A test names a duty that the register does not have."""


@dataclass(frozen=True, slots=True)
class TestOutcome:
    """One tagged test of the run. `outcome` is passed, failed, error, skipped, xfailed or xpassed."""

    __test__ = False  # the name begins like a test class; pytest must not collect it

    nodeid: str
    outcome: str
    obligations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TestRun:
    """The last run. `complete` is True when it was the whole suite, to its end."""

    __test__ = False

    complete: bool
    outcomes: tuple[TestOutcome, ...]


def run_path() -> Path:
    """Where the last run is kept: obligations.json in SAMVIRKE_VAR, or in var/ of the repository."""
    return Path(os.environ.get("SAMVIRKE_VAR") or REPOSITORY / "var") / RUN_FILE


def read_run(path: Path) -> TestRun | None:
    """The run kept at `path`, or None when the suite has not been run."""
    try:
        kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    outcomes = (
        TestOutcome(nodeid, test["outcome"], tuple(test["obligations"])) for nodeid, test in kept["tests"].items()
    )
    return TestRun(complete=kept["complete"], outcomes=tuple(outcomes))


def write_run(path: Path, run: TestRun) -> None:
    """Replace what is kept at `path`, in one step: a reader sees the old run or the new one."""
    tests = {
        test.nodeid: {"outcome": test.outcome, "obligations": list(test.obligations)}
        for test in sorted(run.outcomes, key=lambda test: test.nodeid)
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}.tmp")
    draft.write_text(
        json.dumps({"complete": run.complete, "tests": tests}, indent=1, ensure_ascii=False) + "\n", "utf-8"
    )
    draft.replace(path)


def covered(register: Iterable[Obligation], outcomes: Iterable[TestOutcome]) -> Mapping[str, tuple[str, ...]]:
    """Obligation id → the tests that prove it, sorted. A duty is absent unless at least one tagged test passed and none failed.

    Raises UnknownObligation when a test names an id that is not in the register.
    """
    known = {duty.id for duty in register}
    proofs: dict[str, set[str]] = {}
    broken: set[str] = set()
    for test in outcomes:
        for id_ in test.obligations:
            if id_ not in known:
                raise UnknownObligation(f"{test.nodeid} names {id_}, which is not in the register")
            if test.outcome == "passed":
                proofs.setdefault(id_, set()).add(test.nodeid)
            elif test.outcome in {"failed", "error"}:
                broken.add(id_)
    return {id_: tuple(sorted(tests)) for id_, tests in sorted(proofs.items()) if id_ not in broken}
