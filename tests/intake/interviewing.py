"""How the tests hold an admission interview through HTTP, and what they count afterwards. Holds no test."""

from uuid import uuid4

from consent.models import CustodyLetter
from coordination.models import CustodyDeadline
from intake.models import HealthContactRequest, IntakeInterview

CALM = {
    "suicide_risk": "no",
    "self_harm": "no",
    "detox_need": "no",
    "illness_signs": "no",
    "mental_health_worry": "no",
    "wishes_health_contact": "no",
    "substance_problem": "no",
    "language": "norsk",
    "interpreter": "not_needed",
    "observation": "",
    "plan_choice": "later",
}
FEARED = CALM | {"suicide_risk": "yes", "observation": "Sier at det ikke er noe å leve for."}
PLAN = {
    "plan_choice": "yes",
    "plan_reason": "Sier at det ikke er noe å leve for.",
    "plan_risk": "high",
    "plan_measures": "Tilsyn hvert kvarter, samtale i kveld.",
    "plan_health_consulted": "Sykepleier på telefon kl. 11.50",
}


def url(cast, who="trompet"):
    """Return the address of the interview."""
    return f"/personer/{cast.people[who]}/innkomstsamtale/"


def post(cast, answers, *, persona="officer_b", who="trompet", key=None):
    """Send the form as a persona."""
    return cast[persona].client().post(url(cast, who), answers | {"key": str(key or uuid4())})


def counts(cast, persona="duty_leader"):
    """Return how many interviews, requests and letters the prison has."""
    with cast[persona].acting():
        return IntakeInterview.objects.count(), HealthContactRequest.objects.count(), CustodyLetter.objects.count()


def open_rules(cast, who="trompet"):
    """Return the open deadlines of a person by rule."""
    with cast["duty_leader"].acting():
        rows = CustodyDeadline.objects.filter(person_id=cast.people[who], closed_at=None)
        return {row.rule: row for row in rows}
