#!/usr/bin/env python
"""The command line. Starts the embedded PostgreSQL and Redis first when no others are named. Must not hold anything else."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coordination.settings.local")
    from coordination import embedded

    try:
        embedded.ensure_environment(sys.argv)
    except embedded.EmbeddedError as problem:
        sys.exit(f"Samvirke could not start its database or its queue.\n{problem}")

    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
