"""The admission interview through HTTP with real commits: asked on one page, sent in the same step, never kept unsent."""

from datetime import timedelta
from uuid import uuid4

import pytest

from consent.models import CustodyLetter, MunicipalLetter
from coordination.models import Person, Stay
from intake.models import ActionPlanDecision, HealthContactRequest, IntakeInterview
from tests.cast import AT
from tests.intake.interviewing import CALM, FEARED, PLAN, counts, open_rules, post, url

pytestmark = pytest.mark.usefixtures("noon")


@pytest.mark.obligation("R5.1.1-a")
def test_admission_starts_the_clock_and_the_interview_stops_it(cast):
    before = open_rules(cast)["D01"]
    with cast["duty_leader"].acting():
        stay = Stay.objects.get(person_id=cast.people["trompet"])
    assert before.subject_id == stay.pk
    assert before.due_at == stay.admitted_at + timedelta(hours=24)
    followed = cast["officer_b"].client().get(f"/opphold/{stay.pk}/innkomstsamtale/", follow=True)
    assert followed.redirect_chain[-1][0] == url(cast)

    answer = post(cast, CALM)
    assert answer.status_code == 303
    assert "D01" not in open_rules(cast)
    receipt = cast["officer_b"].client().get(answer.url)
    assert "Samtalen er lagret." in receipt.content.decode()
    assert "Det er ikke sendt noe til helsetjenesten." in receipt.content.decode()
    assert counts(cast) == (1, 0, 0)


@pytest.mark.obligation("R5.1.1-b", "R5.1.1-e")
@pytest.mark.parametrize(
    ("asked", "answer", "reason"),
    [
        ("suicide_risk", "yes", "suicide_risk"),
        ("suicide_risk", "uncertain", "suicide_risk"),
        ("self_harm", "yes", "self_harm"),
        ("detox_need", "yes", "detox_need"),
        ("mental_health_worry", "uncertain", "mental_health"),
    ],
)
def test_a_sign_of_danger_is_sent_in_the_same_step(cast, asked, answer, reason):
    saved = post(cast, CALM | {asked: answer, "observation": "Skjelver og svarer ikke."})
    assert saved.status_code == 303
    with cast["nurse"].acting():
        letter = MunicipalLetter.objects.get()
        assert letter.kind == "health_contact"
        assert letter.basis == "LB04"
        assert letter.body["reasons"] == [reason]
        assert letter.body["stage"] == "admission"
        assert letter.body["urgent"] is True
        assert letter.body["observation"] == "Skjelver og svarer ikke."
        assert letter.awaits == "acknowledgement"
        assert letter.rule == "D02R"
        assert letter.due_at - letter.sent_at == timedelta(hours=2)
    with cast["officer_b"].acting():
        row = IntakeInterview.objects.get()
        assert row.health_contact.letter_id == letter.letter_id
        assert CustodyLetter.objects.get().rule == "D02"


@pytest.mark.obligation("R5.1.1-c")
def test_a_wish_is_sent_and_is_not_called_urgent(cast):
    assert post(cast, CALM | {"wishes_health_contact": "yes"}).status_code == 303
    with cast["nurse"].acting():
        body = MunicipalLetter.objects.get().body
    assert body["wish"] is True
    assert body["urgent"] is False
    assert body["reasons"] == ["wish_for_contact"]


@pytest.mark.obligation("R5.1.1-d")
def test_illness_outside_hours_shows_whom_to_call(cast, monkeypatch):
    ill = CALM | {"illness_signs": "yes", "observation": "Feber og frostrier."}
    day = post(cast, ill)
    assert "Helsetjenesten er stengt nå." not in cast["officer_b"].client().get(day.url).content.decode()
    monkeypatch.setattr("coordination.clock.now", lambda: AT + timedelta(hours=9))
    night = cast["officer_b"].client().get(day.url).content.decode()
    assert "Helsetjenesten er stengt nå." in night
    assert "116117" in night
    assert "Fengselshelsetjenesten north" in night


def test_a_minor_is_always_reported(cast):
    assert post(cast, CALM, persona="officer", who="ung").status_code == 303
    with cast["nurse"].acting():
        body = MunicipalLetter.objects.get().body
    assert body["minor"] is True
    assert body["reasons"] == ["minor"]
    assert post(cast, CALM, persona="officer", who="fiolin").status_code == 303
    assert counts(cast) == (2, 1, 1)


def test_nothing_can_be_saved_unsent_and_what_was_typed_is_kept(cast, admin):
    admin.execute(
        "UPDATE base.coordination_agency SET health_service_id = NULL WHERE id = %s", [cast.agencies["north"].pk]
    )
    refused = post(cast, FEARED)
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "Ingenting er lagret" in page
    assert "Sier at det ikke er noe å leve for." in page
    assert 'name="suicide_risk" value="yes"' in page
    assert page.count("checked") >= 8
    assert counts(cast) == (0, 0, 0)
    assert "D01" in open_rules(cast)
    # Without a concern nothing needs sending, so the same prison may still save.
    assert post(cast, CALM).status_code == 303


def test_a_recipient_that_is_closed_refuses_the_whole_interview(cast, admin):
    admin.execute(
        "UPDATE base.coordination_agency SET closed_on = '2026-01-01' WHERE id = %s", [cast.agencies["north_health"].pk]
    )
    refused = post(cast, FEARED | PLAN)
    assert refused.status_code == 422
    assert "Ingenting er lagret" in refused.content.decode()
    assert counts(cast) == (0, 0, 0)
    with cast["duty_leader"].acting():
        assert not ActionPlanDecision.objects.exists()
        assert Person.objects.get(pk=cast.people["trompet"]).language == ""
    admin.execute(
        "UPDATE base.coordination_agency SET closed_on = NULL WHERE id = %s", [cast.agencies["north_health"].pk]
    )
    assert post(cast, FEARED).status_code == 303


def test_the_database_itself_refuses_a_concern_without_its_letter(cast):
    from django.db import DatabaseError, transaction

    with cast["officer_b"].acting() as actor:
        stay = Stay.objects.get()
        row = IntakeInterview(
            agency_id=actor.agency_id, person_id=stay.person_id, stay=stay, key=uuid4(), held_at=AT, minor=False, language="norsk",
            interpreter="not_needed", complete=True, concerns=["suicide_risk"], recorded_at=AT, by_id=actor.membership_id, by_name="x",
            **dict.fromkeys(("suicide_risk", "self_harm", "detox_need", "illness_signs", "mental_health_worry", "wishes_health_contact", "substance_problem"), "no"),
        )  # fmt: skip
        with pytest.raises(DatabaseError, match="interview_concern_is_sent"), transaction.atomic():
            row.save(force_insert=True)
        row.concerns = []
        row.save(force_insert=True)


@pytest.mark.obligation("R6.1-d")
def test_withdrawn_consent_stops_nothing(cast):
    from consent.actions import give_consent, withdraw_consent

    with cast["duty_leader"].acting() as actor:
        person = Person.objects.get(pk=cast.people["trompet"])
        consent = give_consent(
            actor, person, recipients=[cast.agencies["north_health"].pk], categories=["health_contact"], purpose="Oppfølging",
            valid_from=AT.date() - timedelta(days=2), valid_to=AT.date(), reference="1/26", at=AT - timedelta(days=1),
        )  # fmt: skip
        withdraw_consent(consent, note="Ombestemte seg", at=AT)
    assert post(cast, FEARED).status_code == 303
    assert counts(cast) == (1, 1, 1)


def test_posting_twice_gives_one_interview_and_one_letter(cast):
    key = uuid4()
    first, second = post(cast, FEARED, key=key), post(cast, FEARED, key=key)
    assert first.status_code == second.status_code == 303
    assert first.url == second.url
    assert counts(cast) == (1, 1, 1)


def test_two_presses_at_the_very_same_time_give_one_interview_and_one_letter(cast):
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connections

    key, clients = uuid4(), [cast["officer_b"].client() for _press in range(2)]

    def press(client):
        try:
            return client.post(url(cast), FEARED | PLAN | {"key": str(key)})
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(press, clients)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.url == second.url
    assert counts(cast) == (1, 1, 1)


def test_correcting_a_concern_away_says_that_the_letter_stands(cast):
    post(cast, FEARED)
    corrected = post(cast, CALM)
    assert corrected.status_code == 303
    assert "brevet gjelder fortsatt" in cast["officer_b"].client().get(corrected.url).content.decode()
    assert counts(cast) == (2, 1, 1)


def test_a_plan_somebody_starts_is_kept_whatever_was_answered(cast):
    assert post(cast, CALM | PLAN).status_code == 303
    assert set(open_rules(cast)) & {"D05", "D05b"} == {"D05b"}
    assert post(cast, CALM | {"plan_choice": "no"}, persona="duty_leader", who="fiolin").status_code == 303
    with cast["duty_leader"].acting():
        assert ActionPlanDecision.objects.count() == 1


def test_what_is_missing_is_asked_for_all_at_once(cast):
    refused = post(cast, {"language": "tigrinja"})
    page = refused.content.decode()
    assert refused.status_code == 422
    assert page.count("Svar ja, nei eller vet ikke") >= 7
    assert "tigrinja" in page
    described = post(cast, CALM | {"self_harm": "yes"})
    assert described.status_code == 422
    assert "Skriv hva du så eller hørte" in described.content.decode()
    assert counts(cast) == (0, 0, 0)


def test_without_an_interpreter_the_interview_is_kept_and_must_be_held_again(cast):
    kept = post(
        cast,
        CALM
        | {
            "interpreter": "needed_not_found",
            "language": "tigrinja",
            "illness_signs": "uncertain",
            "observation": "Holder seg på magen.",
        },
    )
    assert kept.status_code == 303
    assert "Samtalen må tas på nytt med tolk." in cast["officer_b"].client().get(kept.url).content.decode()
    assert "D01" in open_rules(cast)
    with cast["officer_b"].acting():
        person = Person.objects.get()
        assert (person.language, person.interpreter_needed) == ("tigrinja", True)
    again = post(
        cast,
        CALM
        | {"interpreter": "by_phone", "language": "tigrinja", "illness_signs": "yes", "observation": "Vondt i magen."},
    )
    assert again.status_code == 303
    assert "D01" not in open_rules(cast)
    with cast["nurse"].acting():
        older, newer = MunicipalLetter.objects.order_by("sent_at")
        assert older.superseded_by == newer.letter_id
        assert older.thread_id == newer.thread_id
        assert newer.body["interpreter"] is True


def test_the_interview_cannot_be_held_before_admission_or_in_the_future(cast):
    early = post(cast, CALM | {"held_at_0": "20.11.2026", "held_at_1": "10.00"})
    late = post(cast, CALM | {"held_at_0": "23.11.2026", "held_at_1": "23.00"})
    assert early.status_code == late.status_code == 422
    assert "kan ikke være fram i tid" in late.content.decode()
    assert post(cast, CALM | {"held_at_0": "23.11.2026", "held_at_1": "10.30"}).status_code == 303


def test_records_cannot_be_changed_after(cast):
    from django.db import DatabaseError, transaction

    post(cast, FEARED | PLAN)
    with cast["duty_leader"].acting():
        for table in (IntakeInterview, HealthContactRequest, ActionPlanDecision):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                table.objects.update(by_name="noen andre")


def test_the_stay_ends_and_nothing_is_left_to_do(cast):
    from intake.actions import stay_ended

    post(cast, FEARED)
    assert "D05" in open_rules(cast)
    with cast["duty_leader"].acting() as actor:
        stay = Stay.objects.get(person_id=cast.people["trompet"])
        stay_ended(actor, stay, at=AT)
    assert not {"D01", "D05", "D05b"} & set(open_rules(cast))
