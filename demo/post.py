"""The demo's post: information shared with a file, given on inside the health service, and words that are not sent yet."""

import io
from datetime import datetime

from django.urls import reverse
from PIL import Image, ImageDraw

from consent.access import readers
from consent.actions import Enclosure, assign, document, forward, save_draft, send_letter
from consent.letters import identity_of
from coordination.identity import Actor
from coordination.models import Person, Role
from coordination.people.access import access_person
from demo.stage import Teller, latest

PLAN = ("Mandag  arbeid 08-14", "Tirsdag  skole 09-15", "Onsdag  arbeid 08-14", "Torsdag  skole 09-15", "Fredag  fri")


def timetable() -> bytes:
    """Return a week's plan as a PDF that names nobody."""
    page = Image.new("RGB", (620, 877), "white")
    draw = ImageDraw.Draw(page)
    for number, line in enumerate(("Timeplan", "", *PLAN)):
        draw.text((60, 60 + 30 * number), line, fill="black")
    out = io.BytesIO()
    page.save(out, "PDF")
    return out.getvalue()


def post(teller: Teller, inmates: list[Person]) -> None:
    """A timetable goes to the health service, whose doctor gives it to the nurse; the contact officer writes on something else."""
    about = inmates[0]

    def share(actor: Actor, at: datetime) -> None:
        person = access_person(actor, about.pk)
        send_letter(
            actor,
            "follow_up_information",
            to=teller.stage.agencies["north_health"].pk,
            person=person,
            body={**identity_of(person), "about": "Ny timeplan", "content": "Timeplanen fra mandag ligger ved."},
            basis="LB03",
            necessity="Helsetjenesten må vite når han er på arbeid for å legge timene utenom.",
            inmate_informed=True,
            files=[Enclosure("timeplan.pdf", document(timetable()))],
        )

    def give(actor: Actor, at: datetime) -> None:
        letter = latest(actor, "follow_up_information", about="Ny timeplan")
        nurse = next(one for one in readers(actor, letter) if one.role == Role.PRISON_NURSE)
        assign(letter, to=nurse.pk, note="Legg ukens time utenom arbeidet.")
        forward(letter, role=Role.HEALTH_LEADER, note="Til orientering.")

    def write(actor: Actor, at: datetime) -> None:
        person = access_person(actor, about.pk)
        query = f"til={teller.stage.agencies['north_health'].pk}&type=needs_summary"
        save_draft(
            actor,
            person,
            place=f"{reverse('share', args=[person.pk])}?{query}",
            typed={"about": ["Behov fra kartleggingen"], "content": ["Ønsker hjelp til å slutte å røyke, og"]},
            at=at,
        )

    teller.act("kontaktbetjent", teller.ago(hours=3), share)
    teller.act("lege", teller.ago(hours=2), give)
    teller.act("kontaktbetjent", teller.ago(hours=1), write, letters=False)
