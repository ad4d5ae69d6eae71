"""The pytest plugin behind `@pytest.mark.obligation("R7.1.2-l")`: checks the ids, and keeps what became of the tagged tests.
Decides nothing about coverage; coordination.register does."""

import pytest

from coordination.reference import obligations
from coordination.register import TestOutcome, TestRun, run_path, write_run

MARK = "obligation"


def pytest_configure(config):
    config.addinivalue_line(
        "markers", f"{MARK}(id, ...): the duties, by their ids in the register, that the test proves"
    )
    if not config.option.collectonly:
        config.pluginmanager.register(_Recorder(config), "obligation-recorder")


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    """Make a file with an unknown id fail as a file that cannot be imported does: nothing runs, on one process or many."""
    report = yield
    if report.passed:
        known = {duty.id for duty in obligations()}
        wrong = [
            f"{item.nodeid}: {problem}"
            for item in report.result
            if isinstance(item, pytest.Item)
            for problem in _problems(item, known)
        ]
        if wrong:
            report.outcome, report.longrepr, report.result = "failed", "\n".join(wrong), []
    return report


def _problems(item, known):
    for mark in item.iter_markers(MARK):
        if mark.kwargs or not mark.args:
            yield "the obligation mark takes one or more ids"
        yield from (f"obligation {id_!r} is not in the register" for id_ in mark.args if id_ not in known)


def _ids(item):
    return tuple(sorted({id_ for mark in item.iter_markers(MARK) for id_ in mark.args}))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    # user_properties is what a worker process sends home with each report.
    item.user_properties.extend((MARK, id_) for id_ in _ids(item))


class _Recorder:
    """Gathers the reports of one session. An object, so that a session inside a test has its own."""

    def __init__(self, config):
        self.config = config
        self.tests = {}
        self.narrowed = False

    def pytest_deselected(self, items):
        self.narrowed = self.narrowed or bool(items)

    def pytest_collectreport(self, report):
        self.narrowed = self.narrowed or report.failed

    def pytest_runtest_logreport(self, report):
        ids = tuple(id_ for name, id_ in report.user_properties if name == MARK)
        if not ids:
            return
        earlier = self.tests.get(report.nodeid)
        outcome = _outcome(report)
        # A test is as bad as its worst phase: a teardown that breaks takes the pass back.
        if outcome and (earlier is None or outcome == "error"):
            self.tests[report.nodeid] = TestOutcome(report.nodeid, outcome, ids)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session, exitstatus):
        if hasattr(self.config, "workerinput"):
            return  # a worker has sent its reports home; the controller writes
        ended = exitstatus in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}
        stopped = session.shouldstop or session.shouldfail
        complete = ended and not stopped and not self.narrowed and _whole_suite(self.config)
        write_run(run_path(), TestRun(bool(complete), tuple(self.tests.values())))


def _outcome(report):
    """What a phase says about the test, or None when it says nothing."""
    if report.when != "call":
        return {"failed": "error", "skipped": "skipped"}.get(report.outcome)
    if hasattr(report, "wasxfail"):
        return "xfailed" if report.skipped else "xpassed"
    return report.outcome


def _whole_suite(config):
    """Whether the command line left every test in: no -k, -m, path, --lf, --deselect or --ignore."""
    option = config.option
    narrowing = ("keyword", "markexpr", "lf", "stepwise", "deselect", "ignore", "ignore_glob")
    if any(getattr(option, name, None) for name in narrowing):
        return False
    if config.args_source is not config.ArgsSource.ARGS:
        return True
    chosen = {(config.invocation_params.dir / argument).resolve() for argument in config.args}
    tests = {config.rootpath / path for path in config.getini("testpaths")}
    return config.rootpath in chosen or (bool(tests) and tests <= chosen)
