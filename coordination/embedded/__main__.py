"""``python -m coordination.embedded start|stop|status``. Holds no logic."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from coordination import embedded


def main(arguments: Sequence[str]) -> int:
    """``python -m coordination.embedded start|stop|status``."""
    verb = arguments[1] if len(arguments) == 2 else ""
    var = embedded.var_folder()
    if verb == "start":
        print(f"DATABASE_URL={embedded.database_url(embedded.postgres(var))}\nREDIS_URL={embedded.redis(var)}")
    elif verb == "stop":
        stopped = embedded.stop(var)
        print(f"Stopped: {', '.join(stopped)}." if stopped else "Nothing was running.")
    elif verb == "status":
        print(f"postgres: {embedded.running_postgres(var / 'postgres') or 'not running'}")
        print(f"redis: {'running' if embedded.running_redis(var / 'redis') else 'not running'}")
    else:
        print("Usage: python -m coordination.embedded start|stop|status", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv))
    except embedded.EmbeddedError as problem:
        sys.exit(str(problem))
