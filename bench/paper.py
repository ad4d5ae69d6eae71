"""A protocol of some pages and one of ten times as many: time a page and memory, each in a process of its own."""

import json
import os
import resource
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

from bench.results import Results

ROOT = Path(__file__).resolve().parents[1]
#: How many checks fill a page, about.
A_PAGE = 15
TEMPLATE = """{% extends "base_pdf.html" %}{% load samvirke %}{% block content %}<h1>Tilsynsprotokoll</h1>
{% for day, checks in days %}<h2>{{ day }}</h2>{% for check in checks %}<div class="event"><p class="event__time">{{ check.at }}</p><div class="event__what">
<p class="event__title">Tilsyn: våken, rolig</p><p class="event__who">{{ check.who }}</p></div></div>{% endfor %}{% endfor %}{% endblock %}"""


def measure(results: Results, *, few: int = 10, many: int = 100, repeats: int = 2) -> None:
    """Measure both lengths in fresh processes, in turn."""
    found: dict[int, list[tuple[float, float]]] = {few: [], many: []}
    for _ in range(repeats):
        for pages, samples in found.items():
            samples.append(_in_a_process(pages))
    quick = {pages: min(seconds for seconds, _peak in samples) for pages, samples in found.items()}
    peak = {pages: max(peak for _seconds, peak in samples) for pages, samples in found.items()}
    results.put("pdf.growth", quick[many] / quick[few])
    results.put("pdf.memory", peak[many] / peak[few])
    for pages in (few, many):
        results.time("pdf.growth", f"a page of {pages}", [quick[pages]])
        results.facts[f"memory of a PDF of {pages} pages"] = f"{peak[pages] / 1e6:.0f} MB"


def _in_a_process(pages: int) -> tuple[float, float]:
    run = subprocess.run(
        [sys.executable, "-m", "bench.paper", str(pages)],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "coordination.settings.local"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode:
        raise AssertionError(f"the PDF was not made: {run.stderr.strip().splitlines()[-1:]}")
    seconds, peak = json.loads(run.stdout.splitlines()[-1])
    return float(seconds), float(peak)


def draw(pages: int) -> tuple[float, int]:
    """Return seconds and the number of pages of a protocol of about so many."""
    from django.template import engines
    from pypdf import PdfReader

    from coordination import pdf

    at = datetime(2026, 11, 23, 11, tzinfo=UTC)
    checks = [
        {"at": f"{number % 24:02}.00", "who": f"Betjent Prøve Person {number}"} for number in range(pages * A_PAGE)
    ]
    days = [(f"Dag {first // 24 + 1}", checks[first : first + 24]) for first in range(0, len(checks), 24)]
    context = {
        "agency_name": "Prøve fengsel",
        "printed_by": "Prøve Person",
        "printed_at": at,
        "now": at + timedelta(0),
        "title": "Protokoll",
        "days": days,
    }
    begin = time.process_time()
    html = engines["django"].from_string(TEMPLATE).render(context)
    data = pdf.write(html, title="Protokoll")
    return time.process_time() - begin, len(PdfReader(BytesIO(data)).pages)


def main() -> None:
    """Draw one page to warm up, then as many as asked, and print seconds a page and the highest memory in bytes."""
    import django

    django.setup()
    draw(1)
    seconds, pages = draw(int(sys.argv[1]))
    print(json.dumps([seconds / pages, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024]))  # noqa: T201 - the parent reads it


if __name__ == "__main__":
    main()
