"""What the image ships is enough to run: the folders that are read, and the packages that are imported. Built images are not tested here."""

import re
import subprocess
import sys
from importlib import metadata

import pytest

from coordination.embedded import REPOSITORY
from coordination.reference.reading import FIXTURES
from coordination.settings.base import INSTALLED_APPS

# Every package outside the production lock is hidden, as it is in the image.
WITHOUT_THE_TOOLS = """
import importlib.abc, sys

class Hidden(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in HIDDEN:
            raise ModuleNotFoundError(f"{name} is not in the image", name=name)

sys.meta_path.insert(0, Hidden())
"""


def shipped() -> set[str]:
    """Return the top-level names that .dockerignore lets into the image."""
    lines = (REPOSITORY / ".dockerignore").read_text().splitlines()
    return {line[1:].partition("/")[0] for line in lines if line.startswith("!")}


def test_every_folder_that_is_read_is_shipped():
    ours = {name for name in INSTALLED_APPS if (REPOSITORY / name).is_dir()}
    assert "coordination" in ours
    assert ours | {FIXTURES.name, "templates", "static", "manage.py"} <= shipped()
    assert {name for name in shipped() - {"locale"} if not (REPOSITORY / name).exists()} == set()


def hidden_packages() -> set[str]:
    """Return the importable names of installed packages that the production lock does not name."""
    lock = (REPOSITORY / "requirements" / "runtime.txt").read_text()
    locked = {re.sub(r"[-_.]+", "-", name).lower() for name in re.findall(r"^([\w.-]+)==", lock, re.MULTILINE)}
    return {
        module
        for module, packages in metadata.packages_distributions().items()
        if not {re.sub(r"[-_.]+", "-", name).lower() for name in packages} & locked
    }


@pytest.mark.parametrize(
    "imports",
    [
        "celery.bin.celery, celery.bin.worker, celery.apps.beat, kombu.transport.redis",
        "granian.cli, whitenoise.middleware, argon2, psycopg",
        "weasyprint, segno, pyotp, holidays, stdnum",
    ],
)
def test_production_imports_nothing_that_is_not_locked_for_it(imports: str):
    """kombu's Redis transport needs a package it does not declare; with the tools of development installed nobody notices."""
    hidden = hidden_packages()
    assert "pytest" in hidden
    program = f"HIDDEN = {sorted(hidden)!r}\n{WITHOUT_THE_TOOLS}\nimport {imports}"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    refused = subprocess.run(
        [sys.executable, "-c", f"{program}\nimport pytest"], capture_output=True, text=True, timeout=60, check=False
    )
    assert "pytest is not in the image" in refused.stderr
