"""What the two embedded servers share: the folder, the lock, the end of a process. Must not know either server."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]

started: set[str] = set()
"""Which of ``postgres`` and ``redis`` this process started, rather than found running."""


class EmbeddedError(RuntimeError):
    """An embedded service cannot run here. The message says why and what to do."""


def var_folder() -> Path:
    """The folder for everything that is made at run time: ``SAMVIRKE_VAR``, else ``var`` in the repository. Created when missing."""
    var = Path(os.environ.get("SAMVIRKE_VAR") or REPOSITORY / "var").expanduser().absolute()
    if not var.is_dir():
        var.mkdir(parents=True, exist_ok=True)
        var.chmod(0o755)
    return var.resolve()


@contextlib.contextmanager
def locked(var: Path) -> Iterator[None]:
    """One starter or stopper at a time. The kernel drops the lock when its holder dies, so it cannot be left behind."""
    with (var / "embedded.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def mark(path: Path) -> str:
    return hashlib.sha256(str(path).encode()).hexdigest()[:10]


def package_folder(name: str) -> Path | None:
    """The folder of an installed package, without importing it (importing ours would create folders and warn)."""
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def ends_within(process: Any, seconds: float) -> bool:
    """Whether a psutil process ends in that time. A zombie has ended: in a container nobody may ever collect it."""
    import psutil

    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.02)
    return False
