"""Asks the web process on this host for its health page; exit code 0 when it answers 200. For container health checks."""

import os
import sys
import urllib.error
import urllib.request

host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip()
request = urllib.request.Request("http://127.0.0.1:8000/healthz", headers={"Host": host})
try:
    with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - the address is above
        sys.exit(0 if answer.status == 200 else 1)
except urllib.error.URLError as error:
    sys.exit(f"The health page does not answer: {error.reason}")
