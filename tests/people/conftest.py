"""What tests about people share: the frozen noon, form data, and what a page shows."""

import re
from datetime import datetime

import pytest

from coordination import clock
from tests.cast import AT


@pytest.fixture
def noon(monkeypatch) -> datetime:
    """Stand the clock of the views at the noon of the cast."""
    monkeypatch.setattr(clock, "now", lambda: AT)
    return AT


@pytest.fixture
def text_of():
    """Return the text of an answer without what differs from one answer to the next by itself."""

    def clean(response) -> str:
        html = response.content.decode()
        return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", html)

    return clean


def person_data(cast, **more) -> dict[str, object]:
    """Return what a filled registration form sends."""
    from coordination.ids import uuid7

    return {
        "key": str(uuid7()),
        "family_name": "Lampe",
        "given_name": "Rolig",
        "birth_date": "12.07.1985",
        "national_id": "",
        "number": "S-2001",
        "language": "",
        "unit": str(cast.units["north_a"].pk),
        "cell": "A-219",
        "legal_status": "remand",
        "remand_restrictions": ["letters", "visits"],
        "security_level": "high",
        "admitted_on": "23.11.2026",
        "admitted_time": "09.30",
        "admitted_fold": "",
        "expected_release_on": "",
        **more,
    }


@pytest.fixture
def filled(cast):
    """Return a function that fills the registration form."""
    return lambda **more: person_data(cast, **more)


@pytest.fixture
def rules(monkeypatch):
    """Leave two rules in the registry, a duty and an advice of a prison, so that no app's own deadlines disturb the count."""
    from datetime import timedelta

    from coordination.deadlines import RULES, Rule
    from coordination.models import Role
    from coordination.models.deadlines import Strength
    from coordination.worlds import World

    owners = (Role.OFFICER, Role.DUTY_LEADER)
    common = {"world": World.CUSTODY, "owners": owners, "steps": (), "doing": "person", "doing_label": "Åpne"}
    mine = {
        "T1": Rule(code="T1", title="Tilsyn hver time", strength=Strength.MUST, **common),
        "T2": Rule(code="T2", title="Plan for mer fellesskap", strength=Strength.SHOULD, **common),
        "T3": Rule(
            code="T3", title="Bare for helse", strength=Strength.MUST, **(common | {"world": World.MUNICIPAL_HEALTH})
        ),
    }
    before = dict(RULES)
    RULES.clear()
    RULES.update(mine)
    yield timedelta
    RULES.clear()
    RULES.update(before)


@pytest.fixture
def due(cast, rules):
    """Return a function that opens a deadline: `due("fiolin", minutes=-12)`."""
    import uuid

    from coordination.deadlines import open_deadline
    from coordination.models import Person

    def open_one(key: str, rule: str = "T1", *, who: str = "duty_leader", **left):
        with cast[who].acting() as actor:
            person = Person.objects.get(pk=cast.people[key])
            at = AT + rules(**left)
            return open_deadline(
                actor,
                rule,
                person=person,
                subject_kind="test",
                subject_id=uuid.uuid4() if left.pop("other", None) else person.pk,
                starts_at=AT - rules(hours=2),
                due_at=at,
            )

    return open_one
