"""Reads secrets from the environment or from a file that the environment names. Must not hold a secret, nor a default for one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import overload

from django.core.exceptions import ImproperlyConfigured


@overload
def secret(name: str, default: str) -> str: ...
@overload
def secret(name: str, default: None = None) -> str | None: ...
def secret(name: str, default: str | None = None) -> str | None:
    """The secret called ``name``: the variable itself, else the content of the file named by ``<name>_FILE``, else ``default``.

    An empty variable counts as absent, so that a compose file may pass ``NAME=${NAME:-}``. Surrounding white space in a file is
    dropped, because editors end files with a newline. Raises ``ImproperlyConfigured`` when both forms are set (nobody could tell
    which one is in force) and when the file cannot be read or is empty. The message names the variable, never the value.
    """
    value = os.environ.get(name, "")
    path = os.environ.get(f"{name}_FILE", "")
    if value and path:
        raise ImproperlyConfigured(f"Both {name} and {name}_FILE are set. Remove one of them.")
    if value:
        return value
    if not path:
        return default
    try:
        content = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"{name}_FILE names a file that cannot be read ({type(error).__name__}).") from error
    if not content:
        raise ImproperlyConfigured(f"{name}_FILE names an empty file.")
    return content
