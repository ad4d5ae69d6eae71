"""Letters about being locked in without a decision, as the prison writes them: the kinds, and sending one as the duty leader."""

import json

from consent.actions import send_letter
from consent.letters import IDENTITY, KINDS, Field, LetterKind, identity_of, postman_fields
from coordination.models import Person, Role
from coordination.worlds import World
from tests.cast import AT

FIELDS = {
    "lock_in_notice": (
        *IDENTITY,
        Field("unit", "Avdeling"),
        Field("kind", "Type"),
        Field("since", "Siden", "date"),
        Field("hours_out", "Timer ute av cella per døgn", "number"),
        Field("wish", "Ønsker tilsyn", "boolean", required=False),
        Field("note", "Merknad", "long", required=False),
    ),
    "lock_in_changed": (
        *IDENTITY,
        Field("kind", "Type"),
        Field("hours_out", "Timer ute av cella per døgn", "number"),
        Field("changed_at", "Endret", "instant"),
    ),
}


def register_kinds(admin):
    """Let the postman carry the letters, whether or not the prison's side has registered them."""
    for code, fields in FIELDS.items():
        if code in KINDS:
            continue
        kind = LetterKind(
            code=code,
            title=code,
            senders=(World.CUSTODY,),
            recipients=(World.MUNICIPAL_HEALTH,),
            sender_roles=(Role.DUTY_LEADER,),
            bases=("LB04",),
            category="isolation",
            fields=fields,
        )
        KINDS[code] = kind
    for code in FIELDS:
        kind = KINDS[code]
        if admin.execute("SELECT 1 FROM base.consent_letterkindrow WHERE code = %s", [code]).fetchone():
            continue
        admin.execute(
            "INSERT INTO base.consent_letterkindrow (code, title, senders, recipients, sender_roles, bases, category, fields, awaits,"
            " due_minutes, sender_rule, recipient_rule) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, '', NULL, '', '')",
            [
                code,
                str(kind.title),
                [str(w) for w in kind.senders],
                [str(w) for w in kind.recipients],
                [r.value for r in kind.sender_roles],
                list(kind.bases),
                kind.category,
                json.dumps(postman_fields(kind)),
            ],
        )


def _send(cast, code, body, *, who="fiolin", reply=None):
    kind = KINDS[code]
    with cast["duty_leader"].acting() as actor:
        person = Person.objects.get(pk=cast.people[who])
        names = {field.name for field in kind.fields}
        facts = {name: value for name, value in {**identity_of(person), **body}.items() if name in names}
        basis = kind.bases[0]
        return send_letter(
            actor, code, to=cast.agencies["north_health"].pk, person=person, body=facts, basis=basis,
            necessity="Helsetjenesten må vite hvem som er innlåst, for å kunne vurdere tilsyn." if basis == "LB03" else "",
            in_reply_to=reply,
        )  # fmt: skip


def locked_in(cast, *, kind="de_facto", hours_out=1.0, since=AT, who="fiolin"):
    """Send that somebody is locked in without a decision; return the letter_id."""
    body = {
        "unit": "Avdeling A", "kind": kind, "since": since.date().isoformat(), "hours_out": hours_out, "wish": False,
        "note": "Spiser på cella.",
    }  # fmt: skip
    return _send(cast, "lock_in_notice", body, who=who)


def changed(cast, first, *, hours_out, at, kind="de_facto"):
    """Send that the time locked in has changed, in the thread of the notice."""
    return _send(
        cast, "lock_in_changed", {"kind": kind, "hours_out": hours_out, "changed_at": at.isoformat()}, reply=first
    )
