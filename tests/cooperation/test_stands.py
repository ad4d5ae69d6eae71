"""What others have read stands at the database too: minutes, why a meeting was cancelled, and with what a deviation was closed."""

from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from cooperation.actions import deviations, meetings
from cooperation.models import Deviation, Meeting
from tests.cast import AT
from tests.cooperation.sharing import DAY, deviation, forum, planned

NEVER = "what was recorded never changes"


@pytest.mark.parametrize("done", ["held", "cancelled"])
def test_a_meeting_that_is_over_stands_whatever_its_owner_writes(cast, done):
    place, other = forum(cast), forum(cast, to=("north_health",))
    meeting = planned(cast, place.pk)
    with cast["warden"].acting() as actor:
        rows = Meeting.objects.filter(pk=meeting.pk)
        assert rows.update(agenda="Planlagt på nytt") == 1, "the twin: while it is planned"
        if done == "held":
            meetings.hold_meeting(
                actor, meeting.pk, held_on=DAY, minutes="Sagt.", decisions="", version=meeting.version, at=AT
            )
        else:
            meetings.cancel_meeting(actor, meeting.pk, cancel_reason="Snø.", version=meeting.version, at=AT)
        for change in (
            {"minutes": "Noe annet."},
            {"cancel_reason": "Noe annet."},
            {"held_on": "2026-01-01"},
            {"forum": other},
            {"state": "planned", "finished_at": None},
        ):
            with pytest.raises(DatabaseError, match=NEVER), transaction.atomic():
                rows.update(**change)
        # What others add to it is no change of it.
    with cast["health_leader"].acting() as actor:
        meetings.add_note(actor, meeting.pk, text="Vi var med.", key=uuid4(), at=AT)


def test_what_a_deviation_was_closed_with_stands_and_it_is_not_opened_again(cast):
    row = deviation(cast)
    with cast["warden"].acting() as actor:
        deviations.close_deviation(actor, row.pk, outcome="Ny bil.", version=row.version, at=AT)
        rows = Deviation.objects.filter(pk=row.pk)
        for change in ({"outcome": "Ingenting."}, {"closed_at": None, "outcome": ""}, {"closed_by_name": "En annen"}):
            with pytest.raises(DatabaseError, match=NEVER), transaction.atomic():
                rows.update(**change)
