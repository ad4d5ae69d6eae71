"""What the demo's people have taken to their own systems: a prison's first entries and a patient's records, with references; and a message about nobody."""

from datetime import datetime
from typing import Any

from consent.access import journal as reading
from consent.access.messages import message_partners
from consent.actions.journal import file_entries
from consent.actions.messages import send_message
from coordination.identity import Actor
from coordination.models import Person
from coordination.people.access import people_for
from demo.stage import Teller, key


def journals(teller: Teller, person: Person) -> None:
    """The contact officer has taken the first half of a stay to Kompis-KIA; the nurse a patient's; and the prison asks about a room."""
    teller.act("kontaktbetjent", teller.ago(hours=2), lambda actor, at: _filed(actor, person.pk, at, "2026/1187-4"), letters=False)  # fmt: skip

    def patient(actor: Actor, at: datetime) -> Any:
        known = people_for(actor).filter(family_name=person.family_name, given_name=person.given_name).first()
        return known and _filed(actor, known.pk, at, "Notat 2026-11")

    def ask(actor: Actor, at: datetime) -> Any:
        partner = next(row for row in message_partners(actor) if row.pk == teller.stage.agencies["north_health"].pk)
        text = "Kan dere komme til avdeling A fra klokka 9 på torsdager? Da er samtalerommet ledig."
        return send_message(actor, to=partner.pk, topic="rooms", text=text, key=key())

    teller.act("sykepleier", teller.ago(hours=2), patient, letters=False)
    teller.act("vaktleder", teller.ago(hours=1), ask)


def _filed(actor: Actor, pk: Any, at: datetime, reference: str) -> Any:
    person = reading.access_journaled(actor, pk)
    stays = reading.stays_in(actor, person)
    period = reading.whole_of(reading.period_of(stays, at, stay=None, first=None, last=None))
    entries = reading.entries(actor, person, period)
    marks = {entry.mark for entry in entries[: max(1, len(entries) // 2)]}
    return file_entries(actor, pk, period, marks=marks, text=reference, key=key(), at=at) if entries else None
