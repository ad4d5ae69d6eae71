"""An undecided report of harm reaches the region without anybody's hand, and without anybody's name."""

from datetime import timedelta

import pytest

from coordination.models import CustodyDeadline
from coordination.sweep import sweep
from tests.follow_up.sending import notice, taken_on
from tests.follow_up.test_harm import later, received, report

TWO = timedelta(hours=2)


@pytest.fixture
def reported(cast):
    """A report of harm that lies with the prison, as the prison has it."""
    taken_on(cast, notice(cast))
    report(cast)
    return received(cast)


def heard(admin, cast):
    """Return every column of what the region has been alerted to."""
    columns = admin.execute(
        "SELECT * FROM custody.coordination_custodyalert WHERE agency_id = %s", [cast.agencies["region"].pk]
    )
    names = [column.name for column in columns.description]
    return [dict(zip(names, row, strict=True)) for row in columns.fetchall()]


@pytest.mark.obligation("R7.1.3-h", "R7.1.3-i")
def test_nobody_logs_in_and_the_region_hears_of_it_after_two_hours(cast, admin, reported, monkeypatch):
    sweep(reported.sent_at + TWO - timedelta(seconds=1))
    assert heard(admin, cast) == []
    sweep(reported.sent_at + TWO)
    (alert,) = heard(admin, cast)
    assert (alert["person_id"], alert["audience"], alert["severity"]) == (None, ["region"], "overdue")
    later(monkeypatch, reported, hours=2, minutes=1)
    region = cast["region"].client()
    for page in (region.get("/varsler/").content.decode(), region.get("/").content.decode()):
        assert "Prøveby fengsel north" in page
        assert "Ring fengselets vaktleder" in page
        for secret in ("Fiolin", "Blid", "A-200", "Avdeling A", str(reported.pk), str(cast.people["fiolin"])):
            assert secret not in page
    mails = admin.execute(
        "SELECT count(*) FROM base.coordination_outboxmail WHERE membership_id = %s", [cast["region"].membership.pk]
    )
    assert mails.fetchone() == (1,)


def test_it_hears_once_whether_the_prison_had_acknowledged_or_not(cast, admin, reported, monkeypatch):
    later(monkeypatch, reported, minutes=5)
    cast["warden"].client().get("/")
    with cast["warden"].acting():
        assert CustodyDeadline.objects.filter(rule="D31").exists(), "both clocks run, and both end in the same step"
    sweep(reported.sent_at + 2 * TWO)
    assert len(heard(admin, cast)) == 1


def test_decided_in_time_the_region_hears_nothing(cast, admin, reported, monkeypatch):
    later(monkeypatch, reported, minutes=90)
    facts = {"outcome": "kept", "reason": "Fare for andre."}
    assert cast["warden"].client().post(f"/isolasjon/skademelding/{reported.pk}/", facts).status_code == 303
    sweep(reported.sent_at + 2 * TWO)
    assert heard(admin, cast) == []


def test_a_prison_without_a_region_tells_its_own_only(cast, admin, reported):
    admin.execute("UPDATE base.coordination_agency SET region_id = NULL WHERE id = %s", [cast.agencies["north"].pk])
    sweep(reported.sent_at + 2 * TWO)
    assert heard(admin, cast) == []
    told = admin.execute("SELECT audience FROM custody.coordination_custodyalert WHERE rule = 'D31a'").fetchall()
    assert (["warden"],) in told


@pytest.mark.parametrize("who", ["south_duty_leader", "prison_admin"])
def test_nobody_else_hears_of_it(cast, reported, monkeypatch, who):
    sweep(reported.sent_at + 2 * TWO)
    later(monkeypatch, reported, hours=4)
    page = cast[who].client().get("/varsler/")
    assert "melding om skade" not in page.content.decode()
