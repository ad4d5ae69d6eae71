"""The house keeps its floors and rooms: imports go down only, siblings never meet, and the pure rooms stay pure."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FLOORS = {
    "coordination": 0,
    "consent": 1,
    "intake": 2,
    "isolation": 2,
    "follow_up": 2,
    "referrals": 2,
    "release_planning": 2,
    "recovery_units": 2,
    "cooperation": 3,
}
ROOMS = {
    *(
        "rules",
        "models",
        "access",
        "actions",
        "letters",
        "deadlines",
        "documents",
        "figures",
        "forms",
        "views",
        "urls",
        "api",
        "tasks",
        "frame",
    ),
    *("migrations", "sql", "management", "reference_data", "sweep", "wording", "__init__", "apps", "templatetags"),
}
#: Rooms of one app beyond the common ones, each with its reason.
OWN_ROOMS = {
    ("consent", "letter_page"): "what other apps hang on the page of a letter",
    (
        "isolation",
        "history",
    ): "what happened in a measure is told alike on the page, on the timeline and in the protocol",
    ("isolation", "law"): "the law of a measure is told alike on its page, on paper, in tasks and in alerts",
    ("follow_up", "supervision"): "the clock of health visits is read by pages, lists and figures alike",
}
#: Files over the line limit, each with its reason. Empty is best.
LONG: dict[str, str] = {}
PURE_FORBIDDEN = {"django", "rest_framework", "celery", "consent", "psycopg", "redis"}


def _modules() -> list[Path]:
    return [
        p
        for app in FLOORS
        for p in (ROOT / app).rglob("*.py")
        if "migrations" not in p.parts and "node_modules" not in p.parts
    ]


def _imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return found


@pytest.mark.parametrize("path", _modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_go_down_only(path):
    app = path.relative_to(ROOT).parts[0]
    for name in _imports(path):
        other = name.split(".")[0]
        if other in FLOORS and other != app:
            assert FLOORS[other] < FLOORS[app], f"{app} (floor {FLOORS[app]}) imports {name}"


@pytest.mark.parametrize(
    "path", [p for p in _modules() if "rules" in (p.stem, p.parent.name)], ids=lambda p: str(p.relative_to(ROOT))
)
def test_rules_are_pure(path):
    for name in _imports(path):
        assert name.split(".")[0] not in PURE_FORBIDDEN, name
        assert not name.startswith("coordination.") or name in {"coordination.clock", "coordination.working_days"}, name
    tree = ast.parse(path.read_text())
    calls = {ast.unparse(n.func) for n in ast.walk(tree) if isinstance(n, ast.Call)}
    assert not calls & {"now", "clock.now", "datetime.now", "date.today", "timezone.now", "time.time"}


@pytest.mark.parametrize("app", [a for a in FLOORS if a != "coordination" and (ROOT / a).is_dir()])
def test_every_room_has_a_known_name(app):
    rooms = {p.stem if p.is_file() else p.name for p in (ROOT / app).iterdir() if not p.name.startswith("__pyc")}
    own = {room for a, room in OWN_ROOMS if a == app}
    assert rooms - ROOMS - own == set()


def test_reasons_do_not_go_stale():
    for app, room in OWN_ROOMS:
        assert (ROOT / app / f"{room}.py").exists() or (ROOT / app / room).is_dir(), (app, room)
    for name in LONG:
        assert len((ROOT / name).read_text().splitlines()) > 400, name


@pytest.mark.parametrize("path", _modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_every_module_says_what_it_holds_and_stays_readable(path):
    text = path.read_text()
    if text.strip():
        assert ast.get_docstring(ast.parse(text)), "no module docstring"
    name = str(path.relative_to(ROOT))
    assert len(text.splitlines()) <= 400 or name in LONG, "split by noun"


def test_nothing_of_this_machine_or_its_shared_folder_is_named():
    words = ("../" + "shared", "/" + "work/", "/" + "root/.pyenv")
    for path in [
        *_modules(),
        *(ROOT / "templates").rglob("*.html"),
        ROOT / "Makefile",
        ROOT / "pyproject.toml",
        *(ROOT / "docs").rglob("*.md"),
    ]:
        text = path.read_text()
        assert not any(word in text for word in words), path


def test_the_top_of_the_house():
    for name in (
        "manage.py",
        "pyproject.toml",
        "Makefile",
        "README.md",
        "CHANGELOG.md",
        "LICENSE",
        "docker-compose.yml",
        "Dockerfile",
        ".ci/run",
    ):
        assert (ROOT / name).is_file(), name
    for name in (
        *FLOORS,
        "templates",
        "static",
        "fixtures",
        "tests",
        "bench",
        "docs",
    ):
        assert (ROOT / name).is_dir(), name
