"""Starts PostgreSQL and Redis before Django reads its settings. Loaded with `-p`, because a conftest would come too late.

The tests have servers of their own below var/test, so that a demo can run beside them.
"""

import os

# Importing the package starts Celery, which settles on the developer's settings when nothing is said.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coordination.settings.test")

from coordination import embedded

_own = {"SAMVIRKE_VAR": str(embedded.REPOSITORY / "var" / "test"), "SAMVIRKE_FAST_DB": "1"}
_before = {name: os.environ.get(name) for name in _own}
for _name, _value in _own.items():
    os.environ.setdefault(_name, _value)
try:
    embedded.ensure_environment(["pytest", "test"])
finally:
    for _name, _value in _before.items():
        if _value is None:
            os.environ.pop(_name, None)
