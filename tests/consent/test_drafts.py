"""What somebody types is kept while they write, for them alone; sent or discarded, the words are gone."""

from datetime import timedelta

import pytest
from django.db import connections
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import URLResolver, get_resolver, reverse
from django.utils.http import urlencode

from consent.access import drafts_for
from consent.actions import save_draft
from consent.forms.drafts import MOST_LETTERS, title_at, typed_in
from consent.letters import KINDS, REQUESTS
from consent.models import CustodyLetterDraft, MunicipalLetterDraft
from coordination import clock
from coordination.people.access import access_person
from coordination.sweep import sweep
from tests.cast import AT
from tests.consent.paper import page_text
from tests.consent.post import denied, run
from tests.consent.test_attachments import WHY
from tests.referrals import hospital


@pytest.fixture
def place(cast):
    """Give the address of a sharing form about Fiolin."""
    query = urlencode({"til": cast.agencies["north_health"].pk, "type": "follow_up_information"})
    return f"{reverse('share', args=[cast.people['fiolin']])}?{query}"


def saving(cast, place, about="fiolin"):
    """Return the address a form keeps its draft at."""
    return f"{reverse('draft_save', args=[cast.people[about]])}?{urlencode({'sted': place})}"


TYPED = {"about": "Timeplan", "content": "Han jobber til kl. 15.", "basis": "LB03", "necessity": WHY, "informed": "yes"}


def test_what_is_kept_and_what_is_not(cast, place):
    person = cast.people["fiolin"]
    assert title_at(place) == "Opplysninger om oppfølging i fengselet"
    for other in (
        "/",
        "https://evil.example/",
        f"//evil.example{place}",
        reverse("consents", args=[person]),
        f"{place}{'x' * 200}",
    ):
        assert title_at(other) is None, other
    data = QueryDict("csrfmiddlewaretoken=x&key=y&attachments=%5Bobject+File%5D&about=A&codes=1&codes=2")
    assert typed_in(data) == {"about": ["A"], "codes": ["1", "2"]}
    assert typed_in(QueryDict("about=&content=")) == {}
    assert typed_in(QueryDict(urlencode({"about": "x" * MOST_LETTERS}))) is not None
    assert typed_in(QueryDict(urlencode({"about": "x" * (MOST_LETTERS + 1)}))) is None


def test_kept_every_few_seconds_and_there_again_after_the_session_ended(cast, place, admin):
    officer = cast["officer"].client()
    page = officer.get(place).content.decode()
    assert f'hx-post="{saving(cast, place)}"'.replace("&", "&amp;") in page
    assert "vendor/htmx.min.js" in page
    line = officer.post(saving(cast, place), {"about": "Time"}, headers={"HX-Request": "true"})
    assert (line.status_code, "Kladd lagret" in page_text(line)) == (200, True)
    officer.post(saving(cast, place), TYPED, headers={"HX-Request": "true"})
    admin.execute("SELECT sec.close_session('token-officer')")
    gone = officer.post(saving(cast, place), TYPED, headers={"HX-Request": "true"})
    assert (gone.status_code, "Logg inn i en ny fane" in gone.content.decode()) == (401, True)
    # Logged in anew: everything stands as it was typed, and there is one draft.
    admin.execute("UPDATE sec.session SET revoked_at = NULL")
    again = cast["officer"].client().get(place)
    form = again.context["form"]
    assert {name: form[name].value() for name in TYPED} == TYPED
    assert "Kladd lagret" in page_text(again)
    assert admin.execute("SELECT count(*) FROM custody.consent_custodyletterdraft").fetchone()[0] == 1


def test_without_script_a_button_keeps_it_and_brings_it_back(cast, place):
    officer = cast["officer"].client()
    answer = officer.post(saving(cast, place), TYPED)
    assert (answer.status_code, answer.url) == (303, place)
    assert "Han jobber til kl. 15." in officer.get(place).content.decode()
    listed = officer.get(reverse("drafts"))
    assert "Opplysninger om oppfølging i fengselet" in page_text(listed)
    assert "Fiolin, Blid" in page_text(listed)
    with cast["officer"].acting() as actor:
        draft = drafts_for(actor).get()
    assert officer.post(reverse("draft_discard", args=[draft.pk])).status_code == 303
    assert "Ingen kladder" in page_text(officer.get(reverse("drafts")))
    assert officer.get(place).context["form"]["content"].value() is None
    assert officer.post(reverse("draft_discard", args=[draft.pk])).status_code == 404


def test_gone_when_it_is_sent_and_the_words_with_it(cast, place, admin):
    officer = cast["officer"].client()
    officer.post(saving(cast, place), TYPED)
    # A refusal leaves the draft.
    assert officer.post(place, {**TYPED, "content": ""}).status_code == 422
    assert "1" in page_text(officer.get(reverse("inbox"))).partition("Kladder")[2][:3]
    assert officer.post(place, TYPED).status_code == 303
    rows = admin.execute("SELECT typed, closed_at IS NULL FROM custody.consent_custodyletterdraft").fetchall()
    assert rows == [({}, False)]
    assert officer.get(place).context["form"]["content"].value() is None


@pytest.mark.obligation("RM7-b")
def test_only_the_author_reads_it_and_nothing_is_kept_about_somebody_hidden(cast, place, admin):
    with cast["officer"].acting() as actor:
        row = save_draft(actor, access_person(actor, cast.people["fiolin"]), place=place, typed={"a": ["b"]}, at=AT)
    for name in ("contact_officer", "duty_leader", "south_duty_leader", "officer_b"):
        with cast[name].acting() as actor:
            # Not a filter of the page: the table itself shows nothing.
            assert not CustodyLetterDraft.objects.exists()
        client = cast[name].client()
        assert client.post(reverse("draft_discard", args=[row.pk])).status_code == 404
        assert "Fiolin" not in page_text(client.get(reverse("drafts")))
    with cast["duty_leader"].acting(), denied():
        run(
            "INSERT INTO custody.consent_custodyletterdraft (id, agency_id, version, recorded_at, by_id, by_name, person_id, place, typed, saved_at) "
            "VALUES (gen_random_uuid(), %s, 1, now(), %s, 'x', %s, 'y', '{}', now())",
            cast.agencies["north"].pk, cast["officer"].membership.pk, cast.people["fiolin"],
        )  # fmt: skip
    hidden = cast["officer"].client().post(saving(cast, place, "trompet"), TYPED)
    wrong = cast["officer"].client().post(saving(cast, "/"), TYPED)
    assert [hidden.status_code, wrong.status_code] == [404, 404]


def test_a_referral_is_kept_too(cast):
    known, doctor = hospital.patient(cast), cast["doctor"].client()
    place = reverse("referral_new", args=[known])
    save = f"{reverse('draft_save', args=[known])}?{urlencode({'sted': place})}"
    doctor.post(save, {"reason": "Sover ikke.", "interpreter": "on", "service_type": "PHV"})
    form = doctor.get(place).context["form"]
    assert [form[name].value() for name in ("reason", "interpreter", "service_type")] == ["Sover ikke.", True, "PHV"]
    assert "Henvisning" in page_text(doctor.get(reverse("drafts")))
    assert doctor.post(place, hospital.form(cast)).status_code == 303
    with cast["doctor"].acting() as actor:
        assert not drafts_for(actor).exists()


def test_too_much_to_keep_says_so_and_what_was_kept_stands(cast, place):
    officer = cast["officer"].client()
    officer.post(saving(cast, place), TYPED, headers={"HX-Request": "true"})
    answer = officer.post(saving(cast, place), {"content": "x" * (MOST_LETTERS + 1)}, headers={"HX-Request": "true"})
    assert (answer.status_code, "for lang" in answer.content.decode()) == (413, True)
    assert officer.get(place).context["form"]["content"].value() == TYPED["content"]


def test_come_back_go_on_or_begin_anew(cast, place):
    officer = cast["officer"].client()
    assert "Fortsett på kladden" not in page_text(officer.get(place))
    officer.post(saving(cast, place), TYPED)
    page = officer.get(place)
    assert "Fortsett på kladden du lagret" in page_text(page)
    # The first button of a form is the one that Enter presses: it sends, and never throws away.
    buttons = page.content.decode().partition('enctype="multipart/form-data"')[2].split("<button")
    assert [
        words in buttons[at] for at, words in ((1, ">Send opplysningene<"), (2, "Lagre kladd"), (3, "Forkast kladden"))
    ] == [True] * 3
    answer = officer.post(page.context["form"].autosave["discard_url"], {**TYPED, "anew": "1"})
    assert (answer.status_code, answer.url) == (303, place)
    assert officer.get(place).context["form"]["content"].value() is None


def test_about_nobody_a_draft_is_its_authors_alone(cast, admin):
    nurse, place = cast["nurse"].client(), reverse("environment_new")
    save = f"{reverse('draft_save_nobody')}?{urlencode({'sted': place})}"
    for _twice in range(2):
        assert nurse.post(save, {"finding": "Lyset kan ikke slås av."}).status_code == 303
    assert nurse.get(place).context["form"]["finding"].value() == "Lyset kan ikke slås av."
    assert "Funn om omgivelsene" in page_text(nurse.get(reverse("drafts")))
    assert admin.execute("SELECT count(*) FROM municipal_health.consent_municipalletterdraft").fetchone()[0] == 1
    for name in ("doctor", "health_leader", "south_nurse"):
        with cast[name].acting():
            assert not MunicipalLetterDraft.objects.exists()
    # A prison has no such page, and what is sent is gone.
    assert cast["officer"].client().post(save, {"finding": "A"}).status_code == 303
    assert cast["officer"].client().get(place).status_code == 404


def test_what_nobody_has_touched_for_ninety_days_goes_for_good_and_the_log_says_so(cast, place, admin):
    officer = cast["officer"].client()
    officer.post(saving(cast, place), TYPED)
    table = "custody.consent_custodyletterdraft"
    for days, left in ((89, 1), (91, 0)):
        admin.execute(f"UPDATE {table} SET saved_at = now() - make_interval(days => %s)", [days])
        sweep()
        assert admin.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == left
    why = admin.execute(
        "SELECT agency_id, person_ids FROM audit.entry WHERE action = 'delete' AND purpose = 'kladder 90 dager'"
    ).fetchall()
    assert why == [(cast.agencies["north"].pk, [cast.people["fiolin"]])]
    # No hand can: the application deletes nothing, and the clock given cannot run ahead of the database's own.
    officer.post(saving(cast, place), TYPED)
    sweep(clock.now() + timedelta(days=400))
    assert admin.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 1


#: Kinds of letter that carry words, and that no form writes: a notice that the system makes of what was decided, one half of a letter that
#: another form wrote, or figures.
UNWRITTEN = {
    "consent_notice": "made of the consent",
    "measure_ended": "made of the end of the measure",
    "lock_in_changed": "made of the time out of the cell",
    "follow_up_responsible": "made of the agreement",
    "supervision_figures": "figures",
    "information_question": "codes only",
    "supervision_visit": "an instant",
    "specialist_visit": "an instant",
    "information_declined": "one code",
}
#: Where the words of each kind are written.
WRITTEN_AT = {
    **dict.fromkeys([kind.code for kind in KINDS.values() if kind.shared], "share"),
    **dict.fromkeys(REQUESTS, "request_new request_again"),
    "information_answer": "request_answer",
    "health_contact": "health_contact intake_interview",
    "exclusion_notice": "measure_new",
    "coercive_means_notice": "measure_new",
    "doctor_statement_request": "proposal proposal_ask proposal_new",
    "health_check_request": "health_check_wish",
    "advice_answer": "advice_answer",
    "lock_in_notice": "informal_new informal_consider",
    "harm_answer": "harm_answer",
    "environment_answer": "environment_answer",
    "health_advice_request": "advice_request",
    "health_advice": "advice_new",
    "harm_report": "harm_new",
    "environment_findings": "environment_new",
    "follow_up_proposal": "transfer_new",
    "follow_up_answer": "specialist_proposal",
    "referral": "referral_new referral_edit",
    "referral_decision": "referral_decide referral_case",
    "practical_message": "message_new",
    "practical_answer": "message_answer",
    "release_notice": "release_plan release_notice_send remand_release",
}


def test_every_form_whose_words_become_a_letter_keeps_drafts():
    assert set(KINDS) == set(WRITTEN_AT) | set(UNWRITTEN)
    views = {pattern.name: pattern.callback for pattern in _patterns(get_resolver())}
    wanted = {name for names in WRITTEN_AT.values() for name in names.split()} | {"letter_correct"}
    assert {name for name in wanted if not getattr(views[name], "draft_title", None)} == set()


def _patterns(resolver):
    for entry in resolver.url_patterns:
        yield from _patterns(entry) if isinstance(entry, URLResolver) else [entry]


def test_the_list_asks_the_same_for_one_and_for_thirty(cast, place):
    client = cast["officer"].client()

    def queries() -> int:
        with CaptureQueriesContext(connections["default"]) as caught:
            assert client.get(reverse("drafts")).status_code == 200
        return len(caught)

    counts = []
    for many in (1, 30):
        with cast["officer"].acting() as actor:
            person = access_person(actor, cast.people["fiolin"])
            for number in range(many):
                save_draft(actor, person, place=f"{place}&n={number}", typed={"a": ["b"]}, at=AT)
        counts.append(queries())
    assert counts[0] == counts[1]
