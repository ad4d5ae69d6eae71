"""The third-party files are locked, built and whole, and our own CSS and script stay small."""

import hashlib
import json
import re
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest

ROOT = Path(__file__).resolve().parents[2]
FRONTEND = ROOT / "frontend"
STATIC = ROOT / "static"
VENDOR = STATIC / "vendor"
OWN_CSS = [STATIC / "css" / "app.css", STATIC / "css" / "app" / "pages.css"]


def compressed(*paths: Path) -> int:
    return sum(len(brotli.compress(path.read_bytes(), quality=11)) for path in paths)


def manifest() -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads((VENDOR / "MANIFEST.json").read_text(encoding="utf-8"))
    return found


def test_lock_names_no_registry_and_has_a_checksum_for_every_package() -> None:
    lock = json.loads((FRONTEND / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    assert not [name for name, entry in packages.items() if "resolved" in entry]
    assert not [name for name, entry in packages.items() if not entry.get("integrity") and not entry.get("inBundle")]


def test_direct_dependencies_are_pinned_to_one_version() -> None:
    package = json.loads((FRONTEND / "package.json").read_text(encoding="utf-8"))
    versions = {**package["dependencies"], **package["devDependencies"]}
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions.values()), versions


def test_no_install_script_runs() -> None:
    assert "ignore-scripts=true" in (FRONTEND / ".npmrc").read_text(encoding="utf-8")
    assert '"--ignore-scripts"' in (FRONTEND / "build.py").read_text(encoding="utf-8")


def test_built_files_are_what_the_manifest_says() -> None:
    files = [entry for entry in manifest() if "sha256" in entry]
    assert {entry["file"] for entry in files} == {
        "ds.css",
        "theme-print.css",
        "htmx.min.js",
        "inter-latin.woff2",
        "inter-latin-ext.woff2",
    }
    for entry in files:
        assert hashlib.sha256((VENDOR / str(entry["file"])).read_bytes()).hexdigest() == entry["sha256"], entry["file"]


def test_every_package_we_hand_on_has_its_licence_beside_it() -> None:
    licences = {path.name for path in VENDOR.glob("LICENSE.*.txt")}
    assert licences == {
        "LICENSE.digdir_designsystemet-css.txt",
        "LICENSE.fontsource-variable_inter.txt",
        "LICENSE.navikt_aksel-icons.txt",
        "LICENSE.htmx.org.txt",
    }
    assert all((VENDOR / name).stat().st_size for name in licences)


def test_built_files_are_ignored_by_git() -> None:
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    assert {"/static/vendor/", "/templates/icons/", "/frontend/node_modules/"} <= set(ignored)


@pytest.mark.parametrize("path", [VENDOR / "ds.css", VENDOR / "theme-print.css", *OWN_CSS], ids=lambda path: path.name)
def test_css_fetches_nothing_from_elsewhere(path: Path) -> None:
    css = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
    for target in re.findall(r"url\(\s*['\"]?([^'\")]+)", css):
        assert target.startswith(("data:image/svg+xml", "../vendor/inter-", "#")), target[:60]
    assert "@import" not in css


def test_layers_put_the_theme_before_components_and_ours_last() -> None:
    ds = (VENDOR / "ds.css").read_text(encoding="utf-8")
    assert ds.startswith('@charset "utf-8";@layer ds.theme,ds.base,ds.components;')
    assert "@layer ds, app;" in OWN_CSS[0].read_text(encoding="utf-8")


def test_theme_has_a_scale_for_every_agency_colour_and_print_is_light() -> None:
    ds = (VENDOR / "ds.css").read_text(encoding="utf-8")
    for colour in ("krim", "kommune", "spesialist", "nav", "politi", "frivillig"):
        assert f"--ds-color-{colour}-base-default" in ds
    printed = (VENDOR / "theme-print.css").read_text(encoding="utf-8")
    assert printed.startswith("[data-color-scheme]{")
    assert re.search(r"--ds-color-neutral-background-default: ?#fff", printed)


def test_used_icons_are_listed_and_listed_icons_are_built() -> None:
    listed = (FRONTEND / "icons.txt").read_text(encoding="utf-8").split()
    assert listed == sorted(set(listed))
    assert {path.stem for path in (ROOT / "templates" / "icons").glob("*.svg")} == set(listed)
    used: set[str] = set()
    for template in (ROOT / "templates").rglob("*.html"):
        used |= set(re.findall(r'{%\s*icon\s+"(\w+)"', template.read_text(encoding="utf-8")))
    for module in ("coordination/formats.py", "coordination/templatetags/samvirke.py"):
        text = (ROOT / module).read_text(encoding="utf-8")
        used |= {name for name in re.findall(r'"([A-Z]\w+)"', text) if name in listed}
    assert used
    assert used <= set(listed), used - set(listed)


def test_icons_are_silent_and_have_no_address() -> None:
    for path in (ROOT / "templates" / "icons").glob("*.svg"):
        svg = path.read_text(encoding="utf-8")
        assert svg.startswith('<svg class="icon" aria-hidden="true" focusable="false"'), path.name
        assert "http" not in svg


def test_css_before_first_paint_is_within_budget() -> None:
    assert compressed(VENDOR / "ds.css", *OWN_CSS) <= 25_000


def test_script_is_within_budget() -> None:
    own = compressed(STATIC / "js" / "app.js")
    assert own <= 3_000
    assert own + compressed(VENDOR / "htmx.min.js") <= 16_000


def test_script_stores_nothing_and_evaluates_nothing() -> None:
    script = (STATIC / "js" / "app.js").read_text(encoding="utf-8")
    for word in (
        "localStorage",
        "sessionStorage",
        "indexedDB",
        "document.cookie",
        "eval(",
        "new Function",
        "innerHTML",
    ):
        assert word not in script


def test_the_script_of_the_round_keeps_one_thing_and_evaluates_nothing() -> None:
    """What it keeps is tried in tests/browser/test_offline.py."""
    script = (STATIC / "js" / "offline.js").read_text(encoding="utf-8")
    assert script.count("localStorage.setItem(") == 1
    for word in (
        "sessionStorage",
        "indexedDB",
        "document.cookie",
        "serviceWorker",
        "eval(",
        "new Function",
        "innerHTML",
    ):
        assert word not in script
    assert compressed(STATIC / "js" / "offline.js") <= 3_500


def test_every_class_of_ours_in_a_template_has_a_rule() -> None:
    css = "".join(path.read_text(encoding="utf-8") for path in [*OWN_CSS, *(STATIC / "css").glob("*.css")])
    css += (VENDOR / "ds.css").read_text(encoding="utf-8")
    known = set(re.findall(r"\.([a-zA-Z][\w-]*)", css))
    # Hooks without a look of their own.
    known |= {"field--checkbox", "chips__count", "meeting__place", "letter__title", "plan-list", "pagination"}
    missing: dict[str, set[str]] = {}
    folders = [ROOT / "templates" / "components", ROOT / "templates" / "django"]
    files = [path for folder in folders for path in folder.rglob("*.html")]
    for path in [*files, *(ROOT / "templates").glob("*.html")]:
        text = re.sub(r"{%.*?%}|{#.*?#}|[\w-]*{{.*?}}", " ", path.read_text(encoding="utf-8"))
        for value in re.findall(r'class="([^"]*)"', text):
            names = {name for name in value.split() if "{" not in name and "}" not in name and not name.endswith("-")}
            if names - known:
                missing.setdefault(path.name, set()).update(names - known)
    assert not missing
