"""The pytest plugin, driven as a suite would drive it, alone and with workers."""

import json
import os
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

REPOSITORY = Path(__file__).resolve().parent.parent.parent

SUITE = """
import pytest

@pytest.mark.obligation("R7.1.2-l", "R7.1.2-m")
def test_passes(): pass

@pytest.mark.obligation("R5.1.1-c")
@pytest.mark.parametrize("n", [1, 2])
def test_cases(n): assert n == 1

@pytest.mark.obligation("R5.1.1-d")
def test_skips(): pytest.skip("no")

@pytest.mark.obligation("R5.1.1-e")
@pytest.mark.xfail(strict=False)
def test_expected_to_fail(): assert False

@pytest.mark.obligation("R5.1.1-f")
@pytest.mark.xfail(strict=False)
def test_unexpectedly_passes(): pass

@pytest.fixture
def broken_setup(): raise RuntimeError

@pytest.fixture
def broken_teardown():
    yield
    raise RuntimeError

@pytest.mark.obligation("R5.1.1-g")
def test_setup(broken_setup): pass

@pytest.mark.obligation("R5.1.1-h")
def test_teardown(broken_teardown): pass

@pytest.mark.obligation("R5.1.2-a")
class TestMany:
    @pytest.mark.obligation("R5.1.2-b")
    def test_both(self): pass

def test_untagged(): pass
"""

OUTCOMES = {
    "test_passes": ("passed", ["R7.1.2-l", "R7.1.2-m"]),
    "test_cases[1]": ("passed", ["R5.1.1-c"]),
    "test_cases[2]": ("failed", ["R5.1.1-c"]),
    "test_skips": ("skipped", ["R5.1.1-d"]),
    "test_expected_to_fail": ("xfailed", ["R5.1.1-e"]),
    "test_unexpectedly_passes": ("xpassed", ["R5.1.1-f"]),
    "test_setup": ("error", ["R5.1.1-g"]),
    "test_teardown": ("error", ["R5.1.1-h"]),
    "TestMany::test_both": ("passed", ["R5.1.2-a", "R5.1.2-b"]),
}

ALONE = ("-p", "no:xdist")
WORKERS = ("-n", "2")


@pytest.fixture
def suite(pytester, monkeypatch):
    """Run a test file under the plugin; returns pytest's result and what was kept, or None."""
    monkeypatch.setenv("SAMVIRKE_VAR", str(pytester.path / "var"))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(REPOSITORY), str(pytester.path)]))
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    for name in [name for name in os.environ if name.startswith("PYTEST_XDIST")]:
        monkeypatch.delenv(name)  # the outer run may have workers of its own

    def run(source, *options):
        pytester.makepyfile(test_it=source)
        # Workers are processes, and take their settings from one; a suite alone is quicker inside ours.
        start = pytester.runpytest_subprocess if "-n" in options else pytester.runpytest_inprocess
        result = start("-p", "no:django", "-p", "no:cacheprovider", "-p", "tests.plugins.obligations", *options)
        kept = pytester.path / "var" / "obligations.json"
        return result, json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else None

    return run


@pytest.mark.parametrize("way", [ALONE, WORKERS], ids=["alone", "workers"])
def test_every_tagged_test_is_kept_with_its_outcome(suite, way):
    _, kept = suite(SUITE, *way)
    found = {name: (test["outcome"], test["obligations"]) for name, test in kept["tests"].items()}
    assert found == {f"test_it.py::{name}": expected for name, expected in OUTCOMES.items()}
    assert kept["complete"] is True


@pytest.mark.parametrize(
    ("mark", "problem", "way"),
    [
        ('"R9.9-z"', "obligation 'R9.9-z' is not in the register", ALONE),
        ('"R9.9-z"', "obligation 'R9.9-z' is not in the register", WORKERS),
        ('"R7.1.2-l", "r7"', "obligation 'r7' is not in the register", ALONE),
        ("", "takes one or more ids", ALONE),
        ('id="R7.1.2-l"', "takes one or more ids", ALONE),
    ],
)
def test_a_bad_tag_fails_collection(suite, mark, problem, way):
    result, kept = suite(f"import pytest\n@pytest.mark.obligation({mark})\ndef test_a(): pass\n", *way)
    assert result.ret != 0
    assert problem in result.stdout.str()
    assert not (kept and kept["tests"])
    assert not (kept and kept["complete"])


def test_a_good_tag_does_not(suite):
    result, kept = suite('import pytest\n@pytest.mark.obligation("R7.1.2-l")\ndef test_a(): pass\n', "--strict-markers")
    assert result.ret == 0
    assert kept == {
        "complete": True,
        "tests": {"test_it.py::test_a": {"outcome": "passed", "obligations": ["R7.1.2-l"]}},
    }


@pytest.mark.parametrize(
    ("options", "complete"),
    [
        ((), True),
        ((".",), True),
        (("-x",), False),
        (("--maxfail=1",), False),
        (("-k", "passes"), False),
        (("-m", "obligation"), False),
        (("test_it.py",), False),
        (("test_it.py::test_passes",), False),
        (("--deselect", "test_it.py::test_skips"), False),
        (("--ignore", "elsewhere"), False),
        ((*WORKERS, "-k", "passes"), False),
        ((*WORKERS, "-x"), False),
    ],
)
def test_part_of_a_suite_is_not_the_suite(suite, options, complete):
    _, kept = suite(SUITE, *options)
    assert kept["complete"] is complete


def test_listing_the_tests_keeps_nothing(suite):
    _, kept = suite(SUITE, "--collect-only")
    assert kept is None


def test_the_last_run_is_the_only_one_kept(suite):
    suite(SUITE)
    _, kept = suite(SUITE, "-k", "passes")
    assert set(kept["tests"]) == {"test_it.py::test_passes", "test_it.py::test_unexpectedly_passes"}
