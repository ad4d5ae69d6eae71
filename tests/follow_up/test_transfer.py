"""That the specialist service follows up a patient: agreed first, in force when the prison is told, one responsible at any time."""

from datetime import timedelta

import pytest

from consent.access import inbox, unread
from consent.models import CustodyLetter, MunicipalLetter, SpecialistLetter
from coordination.models import SpecialistDeadline, SpecialistPatient
from coordination.reference_data import make_unit
from follow_up.models import SpecialistCourse, SpecialistVisit, SupervisionCourse, SupervisionTransfer
from tests.cast import AT
from tests.follow_up.sending import clocks, ended, key, notice, taken_on

REASON = "KANARI-HELSE psykose, bør følges av DPS."


@pytest.fixture
def isolated(cast, monkeypatch):
    """Somebody excluded and taken on; the views read the letters' own clock."""
    return taken_on(cast, notice(cast, at=AT))


def pk_of(cast):
    """Return the only course."""
    with cast["doctor"].acting():
        return SupervisionCourse.objects.get().pk


def propose(cast, *, who="doctor", **more):
    """Propose through the form."""
    data = {"key": key(), "reason": REASON, "basis": "LB10"}
    return cast[who].client().post(f"/helsetilsyn/{pk_of(cast)}/spesialist/", data | more)


def proposal(cast):
    """Return the trust's copy of the proposal."""
    with cast["trust_intake"].acting():
        return SpecialistLetter.objects.get(kind="follow_up_proposal")


def answer(cast, *, accept="yes", who="trust_intake", **more):
    """Answer through the trust's form."""
    data = {"key": key(), "accept": accept, "contact": "DPS Prøve, tlf. 55 00 00 00", "reason": ""}
    return cast[who].client().post(f"/oppfolging/brev/{proposal(cast).pk}/", data | more)


def transfer(cast):
    """Return the municipality's row, after the course page has read the answers."""
    cast["nurse"].client().get(f"/helsetilsyn/{pk_of(cast)}/")
    with cast["doctor"].acting():
        return SupervisionTransfer.objects.order_by("-recorded_at").first()


def start(cast, who="doctor"):
    """Put the agreement in force."""
    return cast[who].client().post(f"/helsetilsyn/spesialist/{transfer(cast).pk}/start/")


def told(cast):
    """Return what the prison has been told of who is responsible, oldest first."""
    with cast["duty_leader"].acting():
        return list(CustodyLetter.objects.filter(kind="follow_up_responsible").order_by("sent_at"))


@pytest.mark.obligation("R7.1.3-b", "R7.1.3-c")
def test_proposed_agreed_in_force_and_the_prison_told_in_the_same_step(cast, isolated):
    assert propose(cast).status_code == 303
    # Proposed: the municipality is responsible, and its clocks run.
    assert "D29" in clocks(cast)
    assert start(cast).status_code == 303
    assert transfer(cast).state == "proposed"
    assert told(cast) == []
    assert answer(cast, accept="yes", contact="").status_code == 422
    assert answer(cast).status_code == 303
    # Agreed: still the municipality, and the prison is not told of something that does not hold.
    assert transfer(cast).state == "agreed"
    assert "D29" in clocks(cast)
    assert told(cast) == []
    page = cast["nurse"].client().get(f"/helsetilsyn/{pk_of(cast)}/").content.decode()
    assert "Fengselshelsetjenesten north" in page
    assert start(cast).status_code == 303
    # In force: the trust, the prison told, and the municipality's clocks at rest.
    assert transfer(cast).state == "in_force"
    assert clocks(cast) == {}
    (letter,) = told(cast)
    assert letter.body["responsible"] == "specialist"
    assert letter.body["service"] == "Prøve sykehus HF"
    assert letter.body["contact"] == "DPS Prøve, tlf. 55 00 00 00"
    assert set(letter.body) == {
        "family_name",
        "given_name",
        "birth_date",
        "responsible",
        "service",
        "contact",
        "from_at",
    }
    assert "KANARI" not in str(letter.body)
    assert "Prøve sykehus HF" in cast["duty_leader"].client().get(f"/post/{letter.pk}/").content.decode()


@pytest.mark.obligation("R7.1.3-b", "R7.1.3-f")
def test_the_trust_follows_up_daily_while_it_is_in_force(cast, isolated):
    propose(cast)
    page = answer(cast).url
    intake = cast["trust_intake"].client()
    with cast["trust_intake"].acting():
        row = SpecialistCourse.objects.get()
    # Agreed and not in force: no visit is the trust's to log.
    assert intake.post(f"/oppfolging/{row.pk}/tilsyn/", {"key": key(), "result": "done"}).status_code == 404
    start(cast)
    listed = intake.get("/oppfolging/").content.decode()
    assert "Fiolin, Blid" in listed
    with cast["trust_intake"].acting():
        row.refresh_from_db()
        assert row.state == "in_force"
        due = SpecialistDeadline.objects.get(rule="D33t", closed_at=None)
        assert due.due_at == row.due_at == row.in_force_at + timedelta(hours=24)
    once = key()
    for _press in range(2):
        assert intake.post(f"/oppfolging/{row.pk}/tilsyn/", {"key": once, "result": "done"}).status_code == 303
    with cast["trust_intake"].acting():
        visit = SpecialistVisit.objects.get()
        row.refresh_from_db()
        assert row.due_at == visit.done_at + timedelta(hours=24)
        assert SpecialistDeadline.objects.get(rule="D33t", closed_at=None).due_at == row.due_at
    assert "Tilsyn gjennomført" in intake.get(page).content.decode()


@pytest.mark.obligation("R7.1.3-b")
def test_the_clinic_that_follows_up_knows_the_patient_from_the_moment_the_trust_says_yes(cast, isolated):
    """A clinician sees own patients only; nobody must remember to give them this one."""
    propose(cast)
    clinician = cast["trust_clinician"].client()
    assert "Fiolin" not in clinician.get("/oppfolging/").content.decode()
    page = answer(cast).url
    assert "Fiolin, Blid" in clinician.get("/oppfolging/").content.decode()
    assert clinician.get(page).status_code == 200
    with cast["trust_clinician"].acting():
        assert SpecialistPatient.objects.get().unit_id == cast.units["trust_clinic"].pk
    for who in ("other_trust_intake", "nurse", "duty_leader"):
        assert cast[who].client().get(page).status_code == 404


def test_no_clinic_hears_of_a_patient_the_trust_says_no_to_and_of_two_one_is_chosen(cast, isolated):
    second = make_unit(cast.agencies["trust"], "Annen klinikk", "clinic")
    propose(cast)
    assert (
        "Hvilken klinikk følger opp?"
        in cast["trust_intake"].client().get(f"/oppfolging/brev/{proposal(cast).pk}/").content.decode()
    )
    assert answer(cast).status_code == 422
    page = answer(cast, clinic=str(second.pk)).url
    assert cast["trust_clinician"].client().get(page).status_code == 404
    with cast["trust_intake"].acting():
        assert SpecialistPatient.objects.get().unit_id == second.pk


@pytest.mark.obligation("R7.1.3-b", "R7.1.3-c")
def test_taken_back_the_municipality_is_responsible_and_everybody_is_told(cast, isolated):
    propose(cast)
    answer(cast)
    start(cast)
    assert cast["doctor"].client().post(f"/helsetilsyn/spesialist/{transfer(cast).pk}/slutt/").status_code == 303
    # Its first visit counts from when the patient came back, or from the start where that is later.
    back = max(transfer(cast).ended_at, AT)
    assert clocks(cast)["D29"] == back + timedelta(hours=24)
    assert [row.body["responsible"] for row in told(cast)] == ["specialist", "municipal"]
    cast["trust_intake"].client().get("/oppfolging/")
    with cast["trust_intake"].acting():
        row = SpecialistCourse.objects.get()
        assert (row.state, row.due_at) == ("ended", None)
        assert not SpecialistDeadline.objects.filter(closed_at=None).exists()
    # A new proposal can be made afterwards.
    assert propose(cast).status_code == 303


def test_a_measure_that_is_over_ends_the_agreement_with_the_trust_only(cast, isolated):
    propose(cast)
    answer(cast)
    start(cast)
    ended(cast, isolated[0].letter_id, at=isolated[0].sent_at)
    cast["nurse"].client().get("/helsetilsyn/")
    page = cast["nurse"].client().get(f"/helsetilsyn/{pk_of(cast)}/").content.decode()
    assert "Ta oppfølgingen tilbake" in page
    cast["nurse"].client().post(f"/helsetilsyn/spesialist/{transfer(cast).pk}/slutt/")
    assert len(told(cast)) == 1
    assert clocks(cast) == {}
    with cast["trust_intake"].acting():
        newest = SpecialistLetter.objects.filter(kind="follow_up_responsible").order_by("-sent_at").first()
    assert newest.body["responsible"] == "nobody"


def test_a_no_leaves_everything_as_it_was(cast, isolated):
    propose(cast)
    assert answer(cast, accept="no", contact="", reason="").status_code == 422
    assert answer(cast, accept="no", contact="", reason="Ikke kapasitet.").status_code == 303
    assert transfer(cast).state == "declined"
    assert start(cast).status_code == 303
    assert transfer(cast).state == "declined"
    assert told(cast) == []
    assert "D29" in clocks(cast)


def test_one_at_a_time_and_pressed_twice_once(cast, isolated):
    once = key()
    assert propose(cast, key=once).status_code == propose(cast, key=once).status_code == 303
    assert propose(cast).status_code == 422
    answer(cast)
    for _press in range(2):
        start(cast)
    assert len(told(cast)) == 1


def test_each_world_sees_its_own(cast, isolated):
    propose(cast)
    answer(cast)
    row, got = transfer(cast), proposal(cast)
    with cast["trust_intake"].acting():
        theirs = SpecialistCourse.objects.get().pk
    for who in ("health_leader", "south_nurse", "duty_leader", "officer", "trust_intake"):
        client = cast[who].client()
        assert client.post(f"/helsetilsyn/spesialist/{row.pk}/start/").status_code == 404, who
        assert client.post(f"/helsetilsyn/spesialist/{row.pk}/slutt/").status_code == 404, who
    for who in ("nurse", "duty_leader", "other_trust_intake", "health_leader"):
        client = cast[who].client()
        assert client.get(f"/oppfolging/{theirs}/").status_code == 404, who
        assert client.get(f"/oppfolging/brev/{got.pk}/").status_code == 404, who
    for who in ("nurse", "duty_leader", "region"):
        assert cast[who].client().get("/oppfolging/").status_code == 404, who
    assert transfer(cast).state == "agreed"


def test_a_patient_the_trust_has_is_pointed_out_and_never_made_twice(cast, isolated):
    propose(cast)
    answer(cast, accept="no", contact="", reason="Ikke kapasitet.")
    with cast["trust_intake"].acting():
        known = SpecialistPatient.objects.get()
    propose(cast, reason="Ny vurdering.")
    with cast["trust_intake"].acting():
        second = SpecialistLetter.objects.filter(kind="follow_up_proposal").order_by("-sent_at").first()
    intake, url = cast["trust_intake"].client(), f"/oppfolging/brev/{second.pk}/"
    assert "Fiolin, Blid" in intake.get(url).content.decode()
    data = {"key": key(), "accept": "yes", "contact": "DPS"}
    assert intake.post(url, data).status_code == 422
    assert intake.post(url, data | {"patient": str(known.pk)}).status_code == 303
    with cast["trust_intake"].acting():
        assert SpecialistPatient.objects.count() == 1
        assert SpecialistCourse.objects.filter(person=known).count() == 2


def test_a_visit_by_the_trust_reaches_the_prison_through_the_municipality(cast):
    taken_on(cast, notice(cast, at=AT, kind="security_cell"))
    propose(cast)
    answer(cast)
    start(cast)
    with cast["trust_intake"].acting():
        row = SpecialistCourse.objects.get()
    intake, url, nurse = cast["trust_intake"].client(), f"/oppfolging/{row.pk}/tilsyn/", cast["nurse"].client()
    page, press = f"/helsetilsyn/{pk_of(cast)}/", f"/helsetilsyn/{pk_of(cast)}/spesialist/tilsyn/"

    def heard(model, kind):
        return list(model.objects.filter(kind=kind).order_by("sent_at"))

    intake.get("/oppfolging/")
    # An emptied box, and a patient who said no, tell nobody.
    assert intake.post(url, {"key": key(), "result": "done"}).status_code == 303
    assert intake.post(url, {"key": key(), "result": "declined", "tell": "on"}).status_code == 303
    assert "Siste tilsyn" not in nurse.get(page).content.decode()
    assert nurse.post(press).status_code == 303
    with cast["nurse"].acting():
        assert heard(MunicipalLetter, "specialist_visit") == []
    assert "Kommunen har fått tidspunktet" in intake.post(url, {"key": key(), "result": "done", "tell": "on"}, follow=True).content.decode()  # fmt: skip
    with cast["nurse"].acting() as actor:
        (came,) = heard(MunicipalLetter, "specialist_visit")
        assert set(came.body) == {"family_name", "given_name", "birth_date", "visited_at"}
        assert came.basis == "LB10"
        assert not unread(inbox(actor)).filter(pk=came.pk).exists()
    with cast["duty_leader"].acting():
        assert heard(CustodyLetter, "supervision_visit") == []
    shown = nurse.get(page).content.decode()
    assert press in shown
    for _press in range(2):
        assert nurse.post(press).status_code == 303
    with cast["duty_leader"].acting():
        (passed,) = heard(CustodyLetter, "supervision_visit")
        assert passed.body["visited_at"] == came.body["visited_at"]
        assert passed.basis == "LB08"
    assert press not in nurse.get(page).content.decode()
    assert cast["health_leader"].client().post(press).status_code == 404
