"""The registries other apps fill: words for codes, links on the page of a letter, reasons while one waits. And one letter at a time."""

import json
import threading
from dataclasses import replace

import psycopg
import pytest

from consent import letter_page, letters, wording
from consent.actions import Undelivered, attach_person, give_consent, send_letter
from consent.documents import category_word, shown
from consent.frame import letter_tasks
from consent.letters import Field, LetterKind, identity_of
from consent.models import CustodyLetter, MunicipalLetter
from coordination import clock
from coordination.deadlines import RULES, Rule
from coordination.models import Role
from coordination.models.deadlines import Strength
from coordination.people.access import access_person
from coordination.person_page import Link
from coordination.refusals import Refused
from coordination.worlds import World
from tests.consent.post import body, notice, patient, register_kinds, sent_notice, session_of


@pytest.fixture
def words(monkeypatch):
    """Give an empty book of words."""
    monkeypatch.setattr(wording, "WORDS", {})


def test_the_most_exact_word_wins_and_an_unknown_code_is_shown_as_sent(words):
    assert wording.word("health_advice", "recommend", "more_contact") == "Mer menneskelig kontakt"
    assert wording.word("health_advice", "recommend", "something_new") == "something_new"
    wording.register("recommend", {"more_contact": "Mer kontakt"})
    assert wording.word("health_advice", "recommend", "more_contact") == "Mer kontakt"
    wording.register("recommend", {"more_contact": "Mye mer kontakt"}, kind="health_advice")
    assert wording.word("health_advice", "recommend", "more_contact") == "Mye mer kontakt"
    assert wording.word("other_kind", "recommend", "more_contact") == "Mer kontakt"
    wording.register("recommend", {Role.OFFICER: "x"})
    assert wording.word("other_kind", "recommend", "officer") == "x"
    with pytest.raises(ValueError, match="two words"):
        wording.register("recommend", {"more_contact": "Noe annet"})
    assert wording.choices_of("other_kind", "text") == []


def test_values_are_shown_by_type(words):
    wording.register("codes", {"a": "Alfa"})
    assert shown("k", Field("codes", "", "list"), ["a", "b"]) == ["Alfa", "b"]
    assert shown("k", Field("n", "", "number"), 2.5) == "2,5"
    assert shown("k", Field("n", "", "number"), 24) == "24"
    assert shown("k", Field("n", "", "number"), 100.0) == "100"
    assert shown("k", Field("b", "", "boolean"), False) is False
    assert shown("k", Field("d", "", "date"), "ikke en dato") == "ikke en dato"
    assert category_word("no_longer_sent") == "no_longer_sent"


def test_two_kinds_may_not_share_a_code():
    kind = next(iter(letters.KINDS.values()))
    letters.register(kind)
    with pytest.raises(ValueError, match="two kinds"):
        letters.register(LetterKind(**{**vars(kind), "title": "Noe annet"}))


def test_links_come_with_the_primary_first(cast, admin, monkeypatch):
    register_kinds(admin)
    sent_notice(cast)
    monkeypatch.setattr(letter_page, "ACTIONS", [])

    @letter_page.letter_actions
    def second(actor, letter):
        yield Link(label="Annet", url="/b/")

    @letter_page.letter_actions
    def first(actor, letter):
        if letter.direction == "in":
            yield Link(label="Opprett pasient", url="/a/", primary=True)

    with cast["nurse"].acting() as actor:
        assert [link.label for link in letter_page.actions_for(actor, MunicipalLetter.objects.get())] == [
            "Opprett pasient",
            "Annet",
        ]
    with cast["officer"].acting() as actor:
        assert [link.label for link in letter_page.actions_for(actor, CustodyLetter.objects.get())] == ["Annet"]


def rule(code: str, world: World, *owners: Role, strength: Strength = Strength.MUST) -> Rule:
    """Return a rule nobody is alerted by."""
    return Rule(
        code=code, world=world, title="x", strength=strength, owners=owners, steps=(), doing="letter", doing_label="x"
    )


def test_a_waiting_letter_lies_before_the_owners_of_its_rule_and_the_one_who_sent_it(cast, admin, monkeypatch):
    register_kinds(admin)
    admin.execute(
        "UPDATE base.consent_letterkindrow SET sender_rule = 'T1', recipient_rule = 'T2' WHERE code = 't_notice'"
    )
    monkeypatch.setitem(RULES, "T1", rule("T1", World.CUSTODY, Role.DUTY_LEADER))
    monkeypatch.setitem(RULES, "T2", rule("T2", World.MUNICIPAL_HEALTH, Role.PRISON_NURSE, strength=Strength.SHOULD))
    sent_notice(cast)
    expected = {
        "officer": True,
        "contact_officer": False,
        "duty_leader": True,
        "warden": False,
        "nurse": False,
        "doctor": None,
        "south_duty_leader": None,
    }
    for name, waiting in expected.items():
        with cast[name].acting() as actor:
            tasks = list(letter_tasks(actor, clock.now()))
            if name == "nurse":
                assert [(t.waiting, t.strength) for t in tasks] == [(False, "bør")]
            else:
                assert [t.waiting for t in tasks] == ([True] if waiting else []), name


def test_attached_once(cast, admin):
    register_kinds(admin)
    sent_notice(cast)
    about, other = patient(cast), patient(cast, family="Fagott")
    with cast["nurse"].acting() as actor:
        letter = MunicipalLetter.objects.get()
        attach_person(letter, access_person(actor, about))
        assert letter.person.pk == about
        with pytest.raises(Refused):
            attach_person(letter, access_person(actor, other))
        assert MunicipalLetter.objects.get().person_id == about


def test_refusals_come_in_words_and_beside_their_field(cast, monkeypatch, admin):
    register_kinds(admin)
    monkeypatch.setitem(letters.KINDS, "t_notice", replace(letters.KINDS["needs_summary"], code="t_notice"))
    with cast["officer"].acting() as actor:
        person = access_person(actor, cast.people["fiolin"])

        def send(**more):
            values = {"to": cast.agencies["north_health"].pk, "person": person, "body": body(), "basis": "LB04", **more}
            return send_letter(actor, "t_notice", **values)

        with pytest.raises(Undelivered) as refused:
            send(body=body(text=""))
        assert (refused.value.code, list(refused.value.errors)) == ("missing:text", ["text"])
        assert "text" in str(refused.value)
        for impossible in ({**body(), "hours": float("nan")}, body(text="a\x00b")):
            with pytest.raises(Undelivered) as refused:
                send(body=impossible)
            assert refused.value.code == "body"
        with pytest.raises(Undelivered, match="rettsgrunnlaget kan ikke brukes"):
            send(basis="LB11")
        with pytest.raises(KeyError):
            send_letter(
                actor,
                "nothing",
                to=cast.agencies["north_health"].pk,
                person=person,
                body=identity_of(person),
                basis="LB04",
            )
        # The transaction goes on after every refusal.
        send()


def test_a_consent_needs_scope_purpose_and_period(cast):
    with cast["officer"].acting() as actor:
        now = clock.now()
        today = clock.local_date(now)
        good = {
            "recipients": [cast.agencies["north_health"].pk],
            "categories": ["test"],
            "purpose": "x",
            "valid_from": today,
            "valid_to": today,
            "reference": "",
            "at": now,
        }
        person = access_person(actor, cast.people["fiolin"])
        for bad in ({"recipients": []}, {"categories": []}, {"purpose": "  "}, {"valid_to": today.replace(year=2020)}):
            with pytest.raises(Refused):
                give_consent(actor, person, **{**good, **bad})
        give_consent(actor, person, **good)


CORRECT = "SELECT letterbox.deliver(recipient => %s, what => 't_notice', body => %s::jsonb, about => %s, ground => 'LB04', corrects => %s)"


def test_of_two_corrections_at_once_one_is_sent(cast, admin):
    register_kinds(admin)
    letter = sent_notice(cast)
    call = notice(cast)
    values = [call["recipient"], json.dumps(call["body"]), call["about"], letter]
    refusals = []

    def late() -> None:
        with session_of(admin, cast["duty_leader"]) as other:
            try:
                other.execute(CORRECT, values)
            except psycopg.Error as error:
                refusals.append(error.diag.message_primary)

    with session_of(admin, cast["officer"]) as first:
        first.execute(CORRECT, values)
        second = threading.Thread(target=late)
        second.start()
        while not admin.execute(
            "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        ).fetchone():
            pass
        first.commit()
        second.join(20)
    assert refusals == ["correction"]
    assert (
        admin.execute("SELECT count(*) FROM custody.consent_custodyletter WHERE supersedes = %s", [letter]).fetchone()[
            0
        ]
        == 1
    )


def test_a_correction_and_a_receipt_at_once_both_come_through(cast, admin):
    register_kinds(admin)
    letter = sent_notice(cast)
    call = notice(cast)
    values = [call["recipient"], json.dumps(call["body"]), call["about"], letter]
    problems = []

    def acknowledge() -> None:
        try:
            with session_of(admin, cast["nurse"]) as other:
                other.execute("SELECT letterbox.receipt(%s, 'acknowledged')", [letter])
                other.commit()
        except psycopg.Error as error:
            problems.append(error)

    with session_of(admin, cast["officer"]) as first:
        first.execute(CORRECT, values)
        second = threading.Thread(target=acknowledge)
        second.start()
        while not admin.execute(
            "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        ).fetchone():
            pass
        first.commit()
        second.join(20)
    assert problems == []
    row = admin.execute(
        "SELECT acknowledged_at IS NOT NULL, superseded_by IS NOT NULL FROM custody.consent_custodyletter WHERE letter_id = %s",
        [letter],
    ).fetchone()
    assert row == (True, True)
