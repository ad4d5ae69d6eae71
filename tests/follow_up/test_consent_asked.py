"""The health service too asks at admission whether consent is needed, once a consultation is held (D07)."""

import uuid

import pytest

from consent.models import MunicipalConsentQuestion
from coordination import clock
from coordination.worklist import tasks_for
from follow_up import actions
from tests.consent.post import patient


@pytest.mark.obligation("R6.3-a")
def test_a_consultation_that_is_held_asks_and_one_that_is_not_does_not(cast) -> None:
    about, now = patient(cast), clock.now()
    for outcome, asked in (("later", 0), ("held", 1)):
        key = uuid.uuid4()
        for _twice in range(2):
            with cast["nurse"].acting() as actor:
                actions.record_consultation(
                    actor, about, key=key, outcome=outcome, held_at=now, facts={"notes": "Rolig."}, at=now
                )
        with cast["nurse"].acting() as actor:
            assert MunicipalConsentQuestion.objects.filter(point="admission").count() == asked
            assert [task.rule for task in tasks_for(actor, now)].count("D07M") == asked
