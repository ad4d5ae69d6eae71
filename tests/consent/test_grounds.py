"""Choosing a ground is guided: only lawful ones, each with why, what to write and whether the person is told; and reasons that say something."""

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consent.access import inbox, offers, outbox
from consent.letters import KINDS
from consent.models import LegalBasisVersion
from consent.rules import Ground, ReasonProblem, Verdict, reason_problem, verdict
from coordination import clock
from tests.consent.paper import page_text
from tests.consent.post import given, patient

WHY = "Helsetjenesten må vite om jobben for å legge timene utenom arbeidstiden."
LAW = {"needs": "none", "blocked_by": "none", "duty": False, "on_request": False, "in_force": True}
KNOWN = {"answers": False, "consented": False, "objected": False, "overridden": False}


@pytest.mark.parametrize(
    ("law", "known", "expected"),
    [
        ({}, {}, Verdict.OPEN),
        ({"in_force": False}, {}, Verdict.NOT_IN_FORCE),
        ({"needs": "necessity"}, {}, Verdict.REASON),
        ({"needs": "consent", "blocked_by": "refusal"}, {}, Verdict.NO_CONSENT),
        ({"needs": "consent", "blocked_by": "refusal"}, {"consented": True}, Verdict.CONSENTED),
        ({"needs": "consent", "blocked_by": "refusal"}, {"consented": True, "objected": True}, Verdict.CONSENTED),
        ({"blocked_by": "objection"}, {}, Verdict.OPEN),
        ({"blocked_by": "objection"}, {"objected": True}, Verdict.OBJECTED),
        ({"blocked_by": "objection"}, {"objected": True, "overridden": True}, Verdict.OVERRIDDEN),
        ({"duty": True}, {"objected": True}, Verdict.DUTY),
        ({"duty": True, "blocked_by": "objection"}, {"objected": True}, Verdict.DUTY),
        ({"on_request": True, "needs": "necessity"}, {}, Verdict.NOT_ASKED),
        ({"on_request": True, "needs": "necessity"}, {"answers": True}, Verdict.REASON),
    ],
)
def test_whether_a_ground_can_be_used_now(law, known, expected):
    found = verdict(Ground(**{**LAW, **law}), **{**KNOWN, **known})
    assert found is expected
    assert found.usable is (
        expected not in {Verdict.NO_CONSENT, Verdict.OBJECTED, Verdict.NOT_ASKED, Verdict.NOT_IN_FORCE}
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (WHY, None),
        ("", ReasonProblem.SHORT),
        ("Nødvendig.", ReasonProblem.SHORT),
        ("nødvendig nødvendig nødvendig", ReasonProblem.SHORT),
        ("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", ReasonProblem.SHORT),
        ("                    .                    ", ReasonProblem.SHORT),
        ("Vi trenger alle opplysninger om personen.", ReasonProblem.OPEN_ENDED),
        ("Mottakeren bør ha ALLE  opplysninger vi har".replace("  ", " "), ReasonProblem.OPEN_ENDED),
        ("De må få se hele journalen for å forstå.", ReasonProblem.OPEN_ENDED),
        ("Ber om full innsyn i saken for oversikt.", ReasonProblem.OPEN_ENDED),
        ("Alle relevante opplysninger sendes for oppfølging.", ReasonProblem.OPEN_ENDED),
        ("Trenger å vite om alle timene er flyttet til tirsdag.", None),
        ("Helsetjenesten MÅ vite om jobben, for å legge timene utenom arbeidstiden", ReasonProblem.COPIED),
    ],
)
def test_a_reason_says_something(text, problem):
    assert reason_problem(text, [WHY]) is (ReasonProblem.COPIED if text == WHY and problem is None else problem)
    if problem is None:
        assert reason_problem(text) is None


def test_only_lawful_grounds_are_offered_each_as_it_reads_today(cast):
    with cast["nurse"].acting() as actor:
        found = offers(
            actor, KINDS["health_information"], cast.agencies["north"], patient_of(cast), clock.local_date(clock.now())
        )
        assert {offer.basis.code: offer.verdict for offer in found} == {
            "LB02": Verdict.NO_CONSENT,
            "LB11": Verdict.REASON,
        }
        for offer in found:
            assert LegalBasisVersion.objects.filter(basis=offer.basis, statute=offer.statute, valid_to=None).exists()
        before = clock.local_date(clock.now()).replace(year=2026, month=6, day=30)
        old = offers(actor, KINDS["treatment_information"], cast.agencies["trust"], patient_of(cast), before)
        assert {o.basis.code: o.statute for o in old}["LB10"] == "helsepersonelloven § 25 første ledd"
        new = offers(
            actor,
            KINDS["treatment_information"],
            cast.agencies["trust"],
            patient_of(cast),
            clock.local_date(clock.now()),
        )
        assert {o.basis.code: o.statute for o in new}[
            "LB10"
        ] == "helsepersonelloven §§ 25 og 29; pasient- og brukerrettighetsloven § 5-3"
        long_ago = before.replace(year=2024)
        gone = offers(actor, KINDS["treatment_information"], cast.agencies["trust"], patient_of(cast), long_ago)
        assert {offer.verdict for offer in gone} == {Verdict.NOT_IN_FORCE}


def patient_of(cast):
    """Return a key nobody has: the law is the same for everybody."""
    return cast.people["fiolin"]


@pytest.mark.obligation("RM7-g", "R6.1-b")
def test_the_page_says_of_each_ground_why_what_to_write_and_whether_to_tell(cast):
    officer, pk = cast["officer"].client(), cast.people["fiolin"]
    url = reverse("share", args=[pk])
    first = officer.get(url)
    assert first.status_code == 200
    assert "Fengselshelsetjenesten north" in page_text(first)
    assert officer.get(url, {"til": "tull", "type": "tull"}).status_code == 422
    chosen = f"{url}?til={cast.agencies['north_health'].pk}&type=follow_up_information"
    page = officer.get(chosen)
    text = page_text(page)
    for words in (
        "Kan ikke brukes nå: ingen gyldige samtykker",
        "Kan brukes uten samtykke når du skriver hvorfor det er nødvendig",
        "Du må skrive hvorfor det er nødvendig.",
        "Personen bør få vite om det",
        "forvaltningsloven § 13 b",
    ):
        assert words in text, words
    # What cannot be used cannot be chosen, whatever is posted.
    assert 'value="LB01"' not in page.content.decode()
    letter = {"about": "Jobb", "content": "Arbeider på verkstedet til kl. 14.", "informed": "yes", "basis": "LB03"}
    assert officer.post(chosen, {**letter, "basis": "LB01"}).status_code == 422
    assert officer.post(chosen, {**letter, "basis": "LB10"}).status_code == 422
    for bad, words in (
        ("", "minst 20 tegn"),
        ("Trengs der.", "minst 20 tegn"),
        ("De trenger alle opplysninger vi har om ham.", "er ikke en begrunnelse"),
    ):
        answer = officer.post(chosen, {**letter, "necessity": bad})
        assert answer.status_code == 422, bad
        assert words in page_text(answer)
        assert "Arbeider på verkstedet til kl. 14." in answer.content.decode()
    assert officer.post(chosen, {k: v for k, v in letter.items() if k != "informed"}).status_code == 422
    for _turn in range(2):
        assert officer.post(chosen, {**letter, "necessity": WHY}).status_code == 303
    with cast["nurse"].acting() as actor:
        got = inbox(actor).get(kind="follow_up_information")
        assert (got.necessity, got.inmate_informed, got.statute) == (
            WHY,
            True,
            "forvaltningsloven § 13 b første ledd nr. 5",
        )


def test_a_reason_copied_from_a_letter_about_somebody_else_is_refused(cast):
    leader = cast["duty_leader"].client()
    letter = {"about": "Jobb", "content": "Arbeider.", "informed": "yes", "basis": "LB03", "necessity": WHY}

    def send(who, **more):
        url = f"{reverse('share', args=[cast.people[who]])}?til={cast.agencies['north_health'].pk}&type=follow_up_information"
        return leader.post(url, {**letter, **more})

    assert send("fiolin").status_code == 303
    copied = send("trompet")
    assert copied.status_code == 422
    assert "samme begrunnelsen som i et tidligere brev" in page_text(copied)
    assert send("trompet", necessity=WHY.upper() + "!").status_code == 422
    assert (
        send("trompet", necessity="Helsetjenesten må kjenne skoletiden for å finne en tid til tannlege.").status_code
        == 303
    )
    # About the same person the matter may be the same.
    assert send("fiolin", content="Arbeider til 15 fra mandag.").status_code == 303


def test_who_must_be_told_and_was_not_has_a_reason(cast):
    about = patient(cast)
    given(cast, about, categories=["health_information"])
    nurse = cast["nurse"].client()
    url = f"{reverse('share', args=[about])}?til={cast.agencies['north'].pk}&type=health_information"
    letter = {"about": "Ro", "content": "Trenger ro om kvelden.", "informed": "no", "basis": "LB02"}
    assert "Skriv hvorfor personen ikke har fått vite det" in page_text(nurse.post(url, letter))
    assert nurse.post(url, {**letter, "untold": "Sover, får vite det i morgen."}).status_code == 303
    with cast["nurse"].acting() as actor:
        sent = outbox(actor).get(kind="health_information")
        assert (sent.inmate_informed, "Sover, får vite det i morgen." in sent.necessity) == (False, True)


def test_who_shares_nothing_finds_no_page(cast):
    url = reverse("share", args=[cast.people["fiolin"]])
    for who in ("prison_admin", "region", "south_officer", "officer_b", "nurse"):
        assert cast[who].client().get(url).status_code == 404, who
    assert cast["health_leader"].client().get(reverse("share", args=[patient(cast)])).status_code == 404


def test_the_page_asks_the_same_for_one_consent_and_for_thirty(cast):
    about = patient(cast)
    url = f"{reverse('share', args=[about])}?til={cast.agencies['trust'].pk}&type=treatment_information"
    client = cast["nurse"].client()

    def count() -> int:
        client.get(url)
        with CaptureQueriesContext(connections["default"]) as caught:
            assert client.get(url).status_code == 200
        return len(caught)

    given(cast, about)
    one = count()
    for _turn in range(29):
        given(cast, about)
    assert count() == one
