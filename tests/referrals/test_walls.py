"""Who sees a referral: nobody in custody, no other agency, only the chosen clinic. Always with something behind the wall."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import ProgrammingError, connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consent.access import inbox
from consent.letter_page import actions_for
from coordination import national_id
from coordination.models import MunicipalPatient, Role, SpecialistPatient, SpecialistPatientGrant
from coordination.person_page import links_for
from coordination.reference_data import make_unit
from coordination.refusals import Refused
from coordination.timeline import events_for
from coordination.walls.declaration import wall_of
from coordination.worlds import World
from referrals import access
from referrals.actions import assessing
from referrals.models import MunicipalReferral, SpecialistReferral
from tests.cast import AT, Cast, add_member
from tests.referrals.hospital import BORN, SECRET, decide, form, newest, patient, receive, refer

CUSTODY = (
    "officer",
    "officer_b",
    "contact_officer",
    "duty_leader",
    "release_caseworker",
    "warden",
    "region",
    "south_duty_leader",
)


@pytest.fixture
def counted_before(cast: Cast) -> dict[str, dict[str, int]]:
    return {name: counts(cast, name) for name in CUSTODY}


def counts(cast: Cast, name: str) -> dict[str, int]:
    """Return how many rows of each custody table a persona sees."""
    tables = [m for m in apps.get_models() if (w := wall_of(m)) and w.world is World.CUSTODY and w.unit_reads]
    with cast[name].acting():
        return {m._meta.db_table: m._default_manager.count() for m in tables}


@pytest.mark.obligation("R4.2-l")
def test_no_trace_in_custody(cast: Cast, counted_before: dict[str, dict[str, int]], admin) -> None:
    pk = patient(cast)
    mine = refer(cast, pk)
    letter = newest(cast)
    case = receive(cast, clinic="trust_clinic")
    decide(cast, case, "right_granted")
    refer(cast, pk)
    pages = (
        "/henvisninger/",
        f"/henvisninger/{mine}/",
        f"/henvisninger/ny/{pk}/",
        "/henvisninger/mottak/",
        f"/henvisninger/mottak/{case}/",
        f"/henvisninger/mottak/brev/{letter.pk}/",
        f"/henvisninger/mottak/brev/{letter.letter_id}/",
        f"/post/{letter.pk}/",
    )
    for name in CUSTODY:
        assert counts(cast, name) == counted_before[name], name
        client = cast[name].client()
        for page in pages:
            assert client.get(page).status_code == 404, (name, page)
        for page in (
            f"/henvisninger/ny/{pk}/",
            f"/henvisninger/{mine}/trekk/",
            f"/henvisninger/mottak/{case}/avgjorelse/",
        ):
            assert client.post(page, form(cast)).status_code == 404, (name, page)
        for page in ("/", "/post/", "/post/sendt/", "/personer/", f"/personer/{cast.people['fiolin']}/"):
            text = client.get(page).content.decode()
            assert "henvis" not in text.lower(), (name, page)
            assert SECRET not in text
        search = client.post("/personer/sok/", {"query": "Fiolin"}).content.decode()
        assert "henvis" not in search.lower()
    for table in (MunicipalReferral, SpecialistReferral, MunicipalPatient, SpecialistPatient):
        with pytest.raises(ProgrammingError, match="permission denied"), cast["warden"].acting():
            table.objects.count()
    (rows,) = admin.execute("SELECT count(*) FROM custody.consent_custodyletter WHERE kind LIKE 'referral%'").fetchone()
    assert rows == 0
    (rows,) = admin.execute("SELECT count(*) FROM municipal_health.referrals_municipalreferral").fetchone()
    assert rows == 2


def test_other_health_agencies_see_nothing(cast: Cast) -> None:
    pk = patient(cast)
    mine = refer(cast, pk)
    letter = newest(cast)
    case = receive(cast)
    for name in ("south_nurse", "south_doctor"):
        client = cast[name].client()
        assert client.get(f"/henvisninger/{mine}/").status_code == 404
        assert client.get(f"/henvisninger/ny/{pk}/").status_code == 404
        assert client.post(f"/henvisninger/{mine}/trekk/", {"withdrawn_by": "patient"}).status_code == 404
        assert "Fiolin" not in client.get("/henvisninger/").content.decode()
        with cast[name].acting():
            assert MunicipalReferral.objects.count() == 0
    other = cast["other_trust_intake"].client()
    for page in (f"/henvisninger/mottak/{case}/", f"/henvisninger/mottak/brev/{letter.pk}/"):
        assert other.get(page).status_code == 404
    assert "Fiolin" not in other.get("/henvisninger/mottak/").content.decode()
    with cast["other_trust_intake"].acting() as actor:
        assert (SpecialistReferral.objects.count(), inbox(actor).count()) == (0, 0)
    with cast["trust_intake"].acting():
        assert SpecialistReferral.objects.count() == 1
    # The two health worlds do not open each other's doors either.
    assert cast["doctor"].client().get("/henvisninger/mottak/").status_code == 404
    assert cast["trust_intake"].client().get("/henvisninger/").status_code == 404
    assert cast["health_admin"].client().get("/henvisninger/").status_code == 404


def test_reading_is_not_sending(cast: Cast) -> None:
    pk = patient(cast)
    mine = refer(cast, pk)
    leader = cast["health_leader"].client()
    assert leader.get(f"/henvisninger/{mine}/").status_code == 200
    assert "Trekk tilbake" not in leader.get(f"/henvisninger/{mine}/").content.decode()
    assert leader.get(f"/henvisninger/ny/{pk}/").status_code == 404
    assert leader.post(f"/henvisninger/{mine}/trekk/", {"withdrawn_by": "patient"}).status_code == 404
    assert cast["nurse"].client().post(f"/henvisninger/{mine}/trekk/", {"withdrawn_by": "patient"}).status_code == 303


# The clinic


@pytest.fixture
def _second_clinic(cast: Cast):
    cast.units["trust_second"] = make_unit(cast.agencies["trust"], "Andre klinikk", "clinic")
    add_member(cast, "second_clinician", Role.TRUST_CLINICIAN, cast.agencies["trust"], cast.units["trust_second"])
    yield
    del cast.units["trust_second"], cast.members["second_clinician"]


def seen(cast: Cast, name: str) -> int:
    """Return how many referrals a persona of the trust sees."""
    with cast[name].acting():
        assert SpecialistReferral.objects.count() == SpecialistPatient.objects.count()
        return SpecialistReferral.objects.count()


@pytest.mark.usefixtures("_second_clinic")
def test_a_clinic_sees_its_own_and_loses_what_it_gives_away(cast: Cast) -> None:
    refer(cast, patient(cast))
    case = receive(cast)
    assert (seen(cast, "trust_clinician"), seen(cast, "second_clinician"), seen(cast, "trust_leader")) == (0, 0, 1)
    for clinic, expected in (("trust_clinic", (1, 0)), ("trust_second", (0, 1))):
        with cast["trust_intake"].acting() as actor:
            assessing.assign(actor, access.access_case(actor, case), cast.units[clinic], at=AT)
        assert (seen(cast, "trust_clinician"), seen(cast, "second_clinician")) == expected
    with cast["trust_intake"].acting():
        assert SpecialistPatientGrant.objects.count() == 1
        assert SpecialistPatient.objects.get().unit_id == cast.units["trust_second"].pk
    # A clinician neither hands on nor registers, and does not see the desk.
    client = cast["second_clinician"].client()
    assert (
        client.post(f"/henvisninger/mottak/{case}/klinikk/", {"clinic": str(cast.units["trust_clinic"].pk)}).status_code
        == 404
    )
    assert "Nye" not in client.get("/henvisninger/mottak/").content.decode()
    decide(cast, case, "right_granted", by="second_clinician")


@pytest.mark.usefixtures("_second_clinic")
def test_a_clinic_with_its_own_referral_keeps_the_patient(cast: Cast) -> None:
    pk = patient(cast)
    refer(cast, pk)
    first = receive(cast, clinic="trust_clinic")
    with cast["trust_intake"].acting() as actor:
        known = access.access_case(actor, first).person_id
    refer(cast, pk)
    second = receive(cast, clinic="trust_clinic", known=known)
    with cast["trust_intake"].acting() as actor:
        assessing.assign(actor, access.access_case(actor, second), cast.units["trust_second"], at=AT)
    for name in ("trust_clinician", "second_clinician"):
        with cast[name].acting():
            assert SpecialistPatient.objects.count() == 1, name


def test_only_a_clinic_of_ones_own_may_be_chosen(cast: Cast) -> None:
    refer(cast, patient(cast))
    case = receive(cast)
    for unit in ("other_desk", "trust_desk"):
        with cast["trust_intake"].acting() as actor, pytest.raises(Refused) as refused:
            assessing.assign(actor, access.access_case(actor, case), cast.units[unit], at=AT)
        assert refused.value.code == "clinic"
    client = cast["trust_intake"].client()
    assert (
        client.post(f"/henvisninger/mottak/{case}/klinikk/", {"clinic": str(cast.units["other_desk"].pk)}).status_code
        == 422
    )
    assert (
        client.post(f"/henvisninger/mottak/{case}/klinikk/", {"clinic": str(cast.units["trust_clinic"].pk)}).status_code
        == 303
    )


def test_a_clinician_cannot_register_receipt(cast: Cast) -> None:
    refer(cast, patient(cast))
    page = f"/henvisninger/mottak/brev/{newest(cast).pk}/"
    assert cast["trust_clinician"].client().post(page, {}).status_code == 404
    assert cast["trust_leader"].client().post(page, {}).status_code == 303


# The frame and the cost


def test_links_timeline_and_letters(cast: Cast) -> None:
    pk = patient(cast)
    mine = refer(cast, pk)
    with cast["trust_intake"].acting() as actor:
        assert [link.url for link in actions_for(actor, inbox(actor).get())] == [
            reverse("referral_received", args=[newest(cast).pk])
        ]
    case = receive(cast)
    decide(cast, case, "right_denied")
    since = AT - timedelta(days=1)
    with cast["doctor"].acting() as actor:
        person = MunicipalPatient.objects.get(pk=pk)
        assert reverse("referral_new", args=[pk]) in {link.url for link in links_for(actor, person)}
        assert reverse("referral", args=[mine]) in {event.url for event in events_for(actor, person, since)}
        answer = inbox(actor).get()
        assert reverse("referral", args=[mine]) in {link.url for link in actions_for(actor, answer)}
    with cast["trust_intake"].acting() as actor:
        row = SpecialistPatient.objects.get()
        titles = {event.title for event in events_for(actor, row, since)}
        assert {"Henvisning mottatt: Psykisk helsevern (PHV)", "Henvisning vurdert: Ikke rett til helsehjelp"} <= titles
        assert [link.url for link in actions_for(actor, inbox(actor).get())] == [reverse("referral_case", args=[case])]


def test_the_lists_cost_the_same_for_one_and_for_thirty(cast: Cast) -> None:
    def more(start: int, stop: int) -> None:
        for number in range(start, stop):
            pk = patient(cast, family=f"Rad{number}", number=national_id.generate_synthetic(BORN, 100 + number))
            refer(cast, pk)
            case = receive(cast, clinic="trust_clinic")
            if number % 2 == 0:
                decide(cast, case, "right_granted")
            refer(cast, pk)  # one more, not received

    def cost() -> list[int]:
        found = []
        for name, page in (
            ("doctor", "/henvisninger/"),
            ("trust_intake", "/henvisninger/mottak/"),
            ("trust_intake", "/henvisninger/mottak/?vis=avgjort"),
        ):
            with CaptureQueriesContext(connections["default"]) as queries:
                assert cast[name].client().get(page).status_code == 200
            found.append(len(queries))
        return found

    more(0, 2)
    few = cost()
    more(2, 17)
    assert cost() == few
