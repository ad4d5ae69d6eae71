import threading
from wsgiref.simple_server import make_server, WSGIRequestHandler
from uuid import uuid4
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application
from tests.cooperation.test_report import *  # noqa
from tests.cooperation.test_report import noon, story
from datetime import timedelta


class Quiet(WSGIRequestHandler):
    def log_message(self, *a):
        pass


def test_look(cast, story, admin, settings):
    with cast["warden"].acting():
        from isolation.models import Check

        look = Check.objects.filter(measure=story).first()
    import random

    rnd = random.Random(2)
    m = admin.execute(
        "SELECT id FROM custody.isolation_measure WHERE id <> %s AND kind='exclusion' LIMIT 1", [story.pk]
    ).fetchone()[0]
    # long measure over weeks with looks
    long = clone(
        admin,
        "custody.isolation_measure",
        m,
        key=uuid4(),
        notice_letter=uuid4(),
        decided_at=AT - timedelta(days=45),
        effective_at=AT - timedelta(days=45),
        recorded_at=AT - timedelta(days=45),
        forecast_at=AT - timedelta(days=45),
        unit_id=cast.units["north_b"].pk,
    )
    t = AT - timedelta(days=45)
    with admin.transaction():
        while t < AT:
            t += timedelta(minutes=rnd.choice([50] * 12 + [55, 70, 95, 150]))
            clone(admin, "custody.isolation_check", look.pk, key=uuid4(), measure_id=long, occurred_at=t, recorded_at=t)
    pk = made(cast)
    pdf = cast["warden"].client().get(f"/rapporter/{pk}/pdf/").content
    open("/tmp/coop-report.pdf", "wb").write(pdf)
    import pypdfium2

    doc = pypdfium2.PdfDocument(pdf)
    for n in range(len(doc)):
        doc[n].render(scale=1.1).to_pil().save(f"/tmp/coop-pdf-{n}.png")
    settings.DEBUG = False
    client = cast["warden"].client()
    srv = make_server("127.0.0.1", 8977, StaticFilesHandler(get_wsgi_application()), handler_class=Quiet)
    th = threading.Thread(target=srv.serve_forever, daemon=True)
    th.start()
    from playwright.sync_api import sync_playwright
    import os

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    job = ask(cast)
    cookies = [{"name": c.key, "value": c.value, "url": "http://127.0.0.1:8977"} for c in client.cookies.values()]
    with sync_playwright() as p:
        b = p.chromium.launch(
            executable_path="/usr/bin/chromium",
            args="--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync".split(),
        )
        for w, scheme in ((1280, "light"), (390, "light"), (1280, "dark")):
            ctx = b.new_context(viewport={"width": w, "height": 900}, color_scheme=scheme)
            ctx.add_cookies(cookies)
            page = ctx.new_page()
            for name, url in (
                ("report", f"/rapporter/{pk}/"),
                ("new", "/rapporter/ny/"),
                ("progress", f"/rapporter/arbeid/{job}/"),
                ("list", "/rapporter/"),
            ):
                if scheme == "dark" and name != "report":
                    continue
                page.goto("http://127.0.0.1:8977" + url)
                if name == "report":
                    page.evaluate("document.querySelector('details.figure-table').open = true")
                    print(w, "overflow", page.evaluate("document.documentElement.scrollWidth"))
                page.screenshot(path=f"/tmp/coop-{name}-{w}-{scheme}.png", full_page=True)
        b.close()
    srv.shutdown()
