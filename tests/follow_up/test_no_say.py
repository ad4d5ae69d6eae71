"""Health personnel never let, stop or end a measure: no door, field, choice or word says so, and no health action touches custody.

The walk opens every address of the site as every health role, reads every form it is shown, sends it with every choice and button, and
calls every operation of the API. Negative controls show that the walk would see a say, and that a say would change what is compared.
"""

from uuid import uuid4

import pytest
from django.apps import apps
from django.forms import Form as DjangoForm
from django.test import Client
from django.urls import Resolver404, resolve

from consent.letters import KINDS
from consent.wording import choices_of
from coordination.api.schema import contract
from coordination.worlds import World
from follow_up import forms, models
from follow_up.forms import isolation as isolation_forms
from tests.cast import AT
from tests.follow_up.no_say import WORDS, Page, fillings, permission_in
from tests.follow_up.sending import contact, ended, key, notice, taken_on

pytestmark = pytest.mark.usefixtures("noon")


def whole_story(cast):
    """Let the health service do everything it can do, through HTTP, and return the addresses it used by name."""
    sent = notice(cast, kind="security_cell", force=True)
    letter, patient = taken_on(cast, sent)
    second, _same = taken_on(cast, contact(cast, reasons=["suicide_risk"]), patient=patient.pk)
    nurse, doctor = cast["nurse"].client(), cast["doctor"].client()
    with cast["doctor"].acting():
        course = models.SupervisionCourse.objects.get()
    nurse.post(f"/helsetilsyn/{course.pk}/gjort/", {"key": key(), "result": "done"})
    nurse.post(f"/helsetilsyn/{course.pk}/nytt/", {"key": key(), "result": "done", "injuries": "Blåmerke."})
    doctor.post(
        f"/personer/{patient.pk}/innkomstkonsultasjon/", {"key": key(), "outcome": "held", "suicide_danger": "present"}
    )
    with cast["doctor"].acting():
        visit, consultation = models.HealthVisit.objects.first(), models.HealthAdmissionConsultation.objects.get()
    nurse.post(f"/helsetilsyn/besok/{visit.pk}/", {"key": key(), "text": "Mer."})
    advice = {"key": key(), "recommend": "consider_ending", "advice": "Vi råder til mer kontakt.", "basis": "LB08"}
    assert doctor.post(f"/post/{letter.pk}/rad/", advice).status_code == 303
    third = notice(cast, who="ung")
    with cast["doctor"].acting():
        waiting = models.MunicipalLetter.objects.get(letter_id=third)
    return {
        "supervision_list": "/helsetilsyn/",
        "supervision": f"/helsetilsyn/{course.pk}/",
        "visit_quick": f"/helsetilsyn/{course.pk}/gjort/",
        "visit_new": f"/helsetilsyn/{course.pk}/nytt/",
        "visit": f"/helsetilsyn/besok/{visit.pk}/",
        "supervision_from_letter": f"/post/{letter.pk}/helsetilsyn/",
        "visit_for_letter": f"/post/{second.pk}/besok/",
        "patient_from_letter": f"/post/{waiting.pk}/pasient/",
        "advice_new": f"/post/{letter.pk}/rad/",
        "consultation_new": f"/personer/{patient.pk}/innkomstkonsultasjon/",
        "consultation": f"/innkomstkonsultasjoner/{consultation.pk}/",
    }, sent


def forms_in(module):
    """Return the forms a module holds."""
    return [row for row in vars(module).values() if isinstance(row, type) and issubclass(row, DjangoForm)]


@pytest.mark.obligation("R7.1.2-p")
def test_no_field_choice_column_or_letter_has_one():
    sent = [kind for kind in KINDS.values() if kind.senders != (World.CUSTODY,)]
    assert {"health_advice", "harm_report", "environment_findings", "follow_up_answer"} <= {kind.code for kind in sent}
    texts = []
    for kind in sent:
        texts += [kind.code, str(kind.title), *(f"{field.name} {field.label}" for field in kind.fields)]
        for field in kind.fields:
            texts += [f"{code} {word}" for code, word in choices_of(kind.code, field.name)]
    for form in {*forms_in(forms), *forms_in(isolation_forms)}:
        for name, field in form.base_fields.items():
            texts += [name, str(field.label), str(field.help_text)]
            texts += [f"{value} {words}" for value, words in getattr(field, "choices", ())]
    tables = list(apps.get_app_config("follow_up").get_models())
    assert len(tables) > 10
    for model in tables:
        for column in model._meta.get_fields():
            texts += [column.name, *(f"{value} {words}" for value, words in (getattr(column, "choices", None) or ()))]
    assert len(texts) > 300
    assert permission_in(texts) == []


def test_the_words_would_be_found():
    for text in (
        "Godkjenn bruk av sikkerhetscelle",
        "Klarert av lege",
        "tillat utelukkelse",
        "avslå",
        "frigi",
        "approved",
        "Opphev tiltaket",
        "end_measure",
    ):
        assert WORDS.search(text), text
    assert not WORDS.search("Forklarer pasienten hva som skjer")


def custody(admin):
    """Return a checksum of every custody table but the letters' copies."""
    tables = [
        name
        for (name,) in admin.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'custody' ORDER BY 1"
        ).fetchall()
    ]
    assert len(tables) > 10
    return {
        table: admin.execute(
            f"SELECT count(*), md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM custody.{table} t"
        ).fetchone()
        for table in tables
        if table != "consent_custodyletter"
    }


@pytest.mark.obligation("R7.1.2-p")
def test_nothing_health_does_changes_a_row_of_the_prisons(cast, admin):
    before = custody(admin)
    _doors, sent = whole_story(cast)
    assert custody(admin) == before
    # A row that is the prison's own does change the sum, so the sum is worth something.
    ended(cast, sent, at=AT, kind="security_cell")
    admin.execute("UPDATE custody.coordination_person SET cell = 'X-1'")
    assert custody(admin) != before


HEALTH = ("nurse", "doctor", "health_leader", "trust_intake", "trust_clinician", "trust_leader")
#: What the prison's own app of measures is called; no form of a health page may lead there, and no call of its doors may do anything.
PRISONS = ("isolation.", "intake.", "release_planning.")
#: Words that stand on a health page about something else than a measure, each with its reason.
OTHERWISE = {
    "referral_decide": "a right to treatment, which is the trust's to decide",
    "referral_case": "the same",
}


#: What a health role has where the prison has its own: the same doors, opened about the health world's rows.
THEIRS = {
    "person": ("person", "patient", "trust_patient"),
    "prison_letter": ("prison_letter", "muni_letter", "trust_letter", "proposal_letter"),
    "advice_letter": ("advice_letter", "muni_letter", "proposal_letter"),
}


def doors_of(story):
    """Return every address of the site with the name of its door, about what the story has in each world."""
    from tests.walls.doors import DOORS, address

    found = {}
    for door, row in DOORS.items():
        about = row.split()[0].removeprefix("POST:")
        for key_of in ("-",) if about == "-" else THEIRS.get(about, (about,)):
            found[address(door, None if about == "-" else story[key_of])] = door
    return found


def leads_to(action, here):
    """Return the module of the door a form goes to."""
    try:
        return resolve((action or here).split("?")[0]).func.__module__
    except Resolver404:
        return "nowhere"


def objections(door, path, text):
    """Return what a page of a health role holds that a health page must not: words of permission, and forms that lead to the prison's doors."""
    page = Page(text)
    found = [] if door in OTHERWISE else permission_in(page.said())
    for form in page.forms:
        module = leads_to(form.action, path)
        if form.method == "post" and module.startswith(PRISONS):
            found.append(f"{form.action} leads to {module}")
    return found, page


def walk(client, doors):
    """Open every address as somebody; return what was seen, the objections, and every form with where it goes."""
    seen, wrong, found = set(), {}, []
    for path, door in doors.items():
        answer = client.get(path)
        if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
            continue
        seen.add(door)
        against, page = objections(door, path, answer.content.decode())
        if against:
            wrong[door] = against
        found += [(form.action or path, form) for form in page.forms if form.method == "post"]
    return seen, wrong, found


@pytest.mark.obligation("R7.1.2-p", "R7.1.3-i")
@pytest.mark.parametrize("persona", HEALTH)
def test_every_address_form_choice_and_button_of_a_health_role_leaves_the_prisons_rows_alone(
    cast, admin, persona, monkeypatch
):
    from tests.story import tell

    monkeypatch.undo()
    story = tell(cast)
    doors = doors_of(story)
    client = cast[persona].client()
    before = custody(admin)
    seen, wrong, found = walk(client, doors)
    assert wrong == {}
    own = {"nurse": 28, "doctor": 29, "health_leader": 8}.get(persona, 8)
    assert len(seen) >= own, sorted(seen)
    sent = 0
    tried = set()
    for action, form in found:
        if leads_to(action, action).startswith("coordination."):
            continue  # people and accounts; the measure is no matter of theirs, and a walk must not close its own membership
        for data in fillings(form):
            mark = (action.split("?")[0], tuple(sorted((k, v) for k, v in data.items() if k != "key")))
            if mark in tried:
                continue
            tried.add(mark)
            answer = client.post(action, data | ({"key": str(uuid4())} if "key" in data else {}))
            assert answer.status_code in (200, 302, 303, 404, 405, 409, 422), (action, data)
            sent += answer.status_code in (302, 303)
    if persona in ("nurse", "doctor"):
        assert sent >= 10
    # Every door of the prison's, tried directly with what its own form would send, does not open.
    for path, door in doors.items():
        if leads_to(path, path).startswith(PRISONS):
            for data in ({}, {"end_reason": "decision", "outcome": "ended", "reason": "Ferdig.", "key": str(uuid4())}):
                assert client.post(path, data).status_code in (404, 405), door
    assert custody(admin) == before


@pytest.mark.obligation("R7.1.2-p")
@pytest.mark.parametrize("persona", ["doctor", "health_leader", "trust_intake"])
def test_no_operation_of_the_api_gives_a_health_role_a_say(cast, admin, persona, monkeypatch):
    from tests.story import tell

    monkeypatch.undo()
    story = tell(cast)
    client = cast[persona].client()
    before = custody(admin)
    called = opened = 0
    for path, item in contract()["paths"].items():
        for method in ("get", "post", "put", "patch", "delete"):
            operation = item.get(method)
            if operation is None:
                continue
            module = resolve(path.replace("{id}", str(uuid4()))).func.__module__
            texts = [operation["operationId"], operation.get("summary", ""), path]
            if module.startswith(("follow_up.", "consent.")):
                assert permission_in(texts) == [], path
            about = (
                "person",
                "patient",
                "trust_patient",
                "measure",
                "muni_letter",
                "proposal_letter",
                "referral",
                "case",
            )
            for row in {story[name] for name in about} if "{id}" in path else {uuid4()}:
                address = path.replace("{id}", str(row))
                extra = {"headers": {"Idempotency-Key": str(uuid4())}, "content_type": "application/json"}
                answer = client.get(address) if method == "get" else getattr(client, method)(address, {}, **extra)
                called += 1
                opened += answer.status_code in (200, 201)
                if method != "get" and module.startswith(PRISONS):
                    assert answer.status_code in (403, 404), (method, address)
    assert called > 100
    assert opened > 2
    assert custody(admin) == before


class TestControls:
    """The walk and the comparison would notice a say, if there were one."""

    def test_a_planted_form_and_a_planted_word_are_seen(self, cast):
        from tests.story import tell

        story = tell(cast)
        path = f"/helsetilsyn/{story['course']}/"
        clean = cast["nurse"].client().get(path).content.decode()
        assert objections("supervision", path, clean)[0] == []
        leads = (
            f'<form method="post" action="/isolasjon/{story["measure"]}/avslutt/"><button>Lagre</button></form></main>'
        )
        assert objections("supervision", path, clean.replace("</main>", leads))[0]
        for planted in (
            "<button name='godkjenn'>Lagre</button></main>",
            "<p>Klarert for isolasjon</p></main>",
            '<form method="post"><select name="x"><option value="approve">Ja</option></select></form></main>',
            '<form method="post"><button name="what" value="end_measure">Lagre</button></form></main>',
        ):
            planted_in = clean.replace(
                "</main>",
                f"<form method='post'>{planted[:-7]}</form></main>" if "<button name=" in planted[:13] else planted,
            )
            assert objections("supervision", path, planted_in)[0], planted

    def test_the_same_walk_as_the_prisons_own_leader_finds_the_doors_that_decide(self, cast, admin):
        from tests.story import tell

        story = tell(cast)
        doors, leader = doors_of(story), cast["duty_leader"].client()
        ends = next(path for path, door in doors.items() if door == "measure_end")
        before = custody(admin)
        _seen, wrong, found = walk(leader, doors)
        assert wrong, "a prison page leads to the prison's doors"
        ending = next(form for action, form in found if action == ends)
        for data in fillings(ending):
            assert leader.post(ends, data).status_code in (303, 422)
        assert custody(admin) != before

    def test_nobody_at_all_gets_nowhere(self, cast):
        from tests.story import tell

        story = tell(cast)
        for path, door in doors_of(story).items():
            if leads_to(path, path).startswith(("follow_up.", "isolation.")):
                assert Client().post(path, {"key": str(uuid4())}).status_code == 302, door
