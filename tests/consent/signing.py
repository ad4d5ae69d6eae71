"""What the tests of consents from talk to end share: a patient, a talk, a signature. Holds no test."""

import io
from datetime import timedelta

from django.urls import reverse
from PIL import Image

from tests.consent.paper import REPLY, page_text
from tests.consent.post import patient
from tests.consent.test_consents import typed


def somebody(cast, monkeypatch):
    """Return a patient of the nurse's team; the test kind of the nurse's letter is known."""
    from consent import letters
    from consent.reference_data import load_kinds

    monkeypatch.setitem(letters.KINDS, REPLY.code, REPLY)
    load_kinds()
    return patient(cast)


def png() -> bytes:
    """Return a small picture of a signed page."""
    out = io.BytesIO()
    Image.new("RGB", (40, 60), "white").save(out, "PNG")
    return out.getvalue()


def talk_of(cast, about, who="nurse", **more):
    """Explain, and return the path of the talk."""
    answer = cast[who].client().post(reverse("consent_new", args=[about]), typed(cast, **more))
    assert answer.status_code == 303, page_text(answer)
    return answer.url


def signed(cast, about, who="nurse", **more):
    """Explain and sign on the screen; return the key of the consent."""
    client = cast[who].client()
    answer = client.post(talk_of(cast, about, who, **more) + "signer/", {"typed_name": "Blid Fiolin"})
    assert answer.status_code == 303, page_text(answer)
    return answer.url.rstrip("/").rpartition("/")[2]


def last_day(admin, consent, day):
    """Let a consent end on another day: what was signed stands, so a superuser does it with the triggers off."""
    with admin.transaction():
        admin.execute("SET LOCAL session_replication_role = replica")
        admin.execute(
            "UPDATE municipal_health.consent_municipalconsent SET valid_from = %s, valid_to = %s WHERE id = %s",
            [day - timedelta(days=30), day, consent],
        )
