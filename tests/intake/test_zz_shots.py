"""Screens of intake and follow-up on the test database."""
import threading
from wsgiref.simple_server import WSGIServer, make_server, WSGIRequestHandler
from socketserver import ThreadingMixIn
from uuid import uuid4
import pytest
from tests.cast import AT
from tests.follow_up.sending import *  # noqa
import sys; sys.path.insert(0, "/work/main")

class Quiet(WSGIRequestHandler):
    def log_message(self,*a): pass
class Server(ThreadingMixIn, WSGIServer): daemon_threads=True

def test_shots(cast, monkeypatch):
    from datetime import timedelta
    monkeypatch.setattr("coordination.clock.now", lambda: AT)
    from django.core.wsgi import get_wsgi_application
    from tests.intake.test_interview import FEARED, PLAN, CALM
    from follow_up import models
    import warnings
    django_app = get_wsgi_application()
    import mimetypes, pathlib
    def app(env, start):
        path = env["PATH_INFO"]
        if path.startswith("/static/"):
            f = pathlib.Path("/work/main/static") / path[8:]
            if f.is_file():
                start("200 OK", [("Content-Type", mimetypes.guess_type(f.name)[0] or "application/octet-stream")]); return [f.read_bytes()]
        return django_app(env, start)
    httpd = make_server("127.0.0.1", 0, app, server_class=Server, handler_class=Quiet)
    port = httpd.server_port
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    out="/tmp/shots-intake"; import os; os.makedirs(out, exist_ok=True)
    # data
    officer=cast["officer"].client()
    r=officer.post(f"/personer/{cast.people['fiolin']}/innkomstsamtale/", FEARED|{"key":str(uuid4()),"language":"tigrinja","interpreter":"by_phone"})
    receipt=r.url
    taken_on(cast, notice(cast, kind="security_cell", force=True))
    taken_on(cast, notice(cast, who="ung", at=AT-timedelta(hours=30)))
    with cast["doctor"].acting():
        courses=list(models.SupervisionCourse.objects.order_by("effective_at"))
    c=courses[-1]
    nurse=cast["nurse"].client()
    nurse.post(f"/helsetilsyn/{c.pk}/nytt/", {"key":key(),"result":"done","physical":"Rolig pust, normal temperatur.","injuries":"Blåmerke","done_at_0":"23.11.2026","done_at_1":"11.20"})
    pend=copy_of(cast, contact(cast))
    with cast["doctor"].acting():
        noticecopy=models.MunicipalLetter.objects.get(pk=c.notice_id)
        visit=models.HealthVisit.objects.get()
    with cast["officer"].acting():
        from intake.models import IntakeInterview
        stay=IntakeInterview.objects.get().stay_id
    pages=[("officer","interview",f"/personer/{cast.people['ung']}/innkomstsamtale/"),
      ("officer","receipt",receipt),("officer","contact",f"/personer/{cast.people['fiolin']}/kontakt-helsetjenesten/"),
      ("officer","plan",f"/opphold/{stay}/tiltaksplan/"),("officer","person",f"/personer/{cast.people['fiolin']}/"),
      ("nurse","list","/helsetilsyn/"),("nurse","course",f"/helsetilsyn/{c.pk}/"),("nurse","visit_new",f"/helsetilsyn/{c.pk}/nytt/"),
      ("nurse","visit",f"/helsetilsyn/besok/{visit.pk}/"),("nurse","patient",f"/post/{pend.pk}/pasient/"),("nurse","advice",f"/post/{noticecopy.pk}/rad/"),
      ("nurse","consult",f"/personer/{c.person_id}/innkomstkonsultasjon/"),("nurse","letter",f"/post/{noticecopy.pk}/"),("nurse","today","/"),("officer","today_o","/")]
    cookies={n:cast[n].client().cookies["sessionid"].value for n in ("officer","nurse")}
    import subprocess, json
    code=f'''
import json
from playwright.sync_api import sync_playwright
pages={pages!r}; cookies={cookies!r}; port={port}
with sync_playwright() as p:
    b=p.chromium.launch(executable_path="/usr/bin/chromium", args="--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync".split())
    for width,theme in ((390,"light"),(1280,"light")):
        for who in ("officer","nurse"):
            ctx=b.new_context(viewport=dict(width=width,height=844), color_scheme=theme, has_touch=width==390)
            ctx.add_cookies([dict(name="sessionid",value=cookies[who],url=f"http://127.0.0.1:{{port}}")])
            for w,name,url in pages:
                if w!=who: continue
                if name not in ("interview","visit_new") : continue
                pg=ctx.new_page(); msgs=[]
                pg.on("console", lambda m: msgs.append(m.text))
                r=pg.goto(f"http://127.0.0.1:{{port}}{{url}}")
                sw=pg.evaluate("document.documentElement.scrollWidth")
                print(width,name,r.status,"scroll" if sw>width else "", [m[:90] for m in msgs])
                pg.screenshot(path=f"{out}/{{name}}-{{width}}-{{theme}}.png", full_page=True)
                pg.close()
            ctx.close()
    b.close()
'''
    res=subprocess.run([sys.executable,"-c",code],capture_output=True,text=True,timeout=400)
    print(res.stdout, res.stderr[-2000:])
    httpd.shutdown()
