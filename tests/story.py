"""One of everything, made through the verbs: what stands behind every door when the doors are tried."""

import uuid
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.urls import reverse

from consent import actions as consents
from consent.access import inbox, outbox
from consent.letters import identity_of
from coordination import clock
from coordination.models import Attention, RosterImport, Stay
from coordination.people import holds
from coordination.people.access import access_person, open_stay
from coordination.reference import consent_text_on
from coordination.reference_data import make_unit
from demo.answers import CALM
from follow_up import actions as follow_up
from follow_up import supervision
from follow_up.access import running_course_of
from follow_up.actions import reports, specialist, transfers
from intake.actions.contacts import contact_health
from intake.actions.interviews import hold_interview
from intake.actions.mappings import finish_mapping, offer_mapping
from intake.actions.plans import Plan
from intake.rules import Answer, Concern, RiskLevel
from isolation.actions.checks import log_check
from isolation.actions.contact import log_contact
from isolation.actions.informal import plan_activity
from isolation.actions.informal import register as register_informal
from isolation.actions.measures import Decision, decide
from isolation.actions.proposals import propose
from recovery_units import actions as recovery
from referrals.actions import assessing, sending
from release_planning.models import ReleasePlan
from tests.cast import Cast
from tests.consent import asking

WORRIED = replace(
    CALM,
    suicide_risk=Answer.UNCERTAIN,
    detox_need=Answer.YES,
    wishes_health_contact=Answer.YES,
    description="KANARI-PRISON skjelver og er svett.",
)


@dataclass
class Story:
    """Keys of everything by what it is; `owner` says whose world each lives in."""

    keys: dict[str, uuid.UUID] = field(default_factory=dict)

    def __getitem__(self, name: str) -> uuid.UUID:
        """Return a key."""
        return self.keys[name]


def key() -> uuid.UUID:
    """Return a fresh idempotency key."""
    return uuid.uuid4()


def tell(cast: Cast) -> Story:
    """Let the whole main job happen once, between the northern agencies and the trust."""
    story, now = Story(), clock.now()
    k = story.keys
    k["person"] = cast.people["fiolin"]
    with cast["duty_leader"].acting() as actor:
        stay = open_stay(actor, k["person"])
        assert stay
        k["stay"] = stay.pk
        plan = ReleasePlan.objects.filter(stay=stay).first()
        k["release_plan"] = plan.pk if plan else stay.pk
        empty = RosterImport(
            agency_id=actor.agency_id, recorded_at=now, by_id=actor.membership_id, by_name=actor.signature
        )
        empty.save(force_insert=True)
        k["roster"] = empty.pk
    with cast["officer"].acting() as actor:
        k["interview"] = hold_interview(
            actor,
            k["person"],
            key=key(),
            answers=WORRIED,
            substance_problem="yes",
            held_at=now,
            plan=Plan(
                needed=True,
                reason="Usikker fare.",
                measures="Tilsyn hver time.",
                risk=RiskLevel.HIGH,
                review_at=now + timedelta(hours=20),
                health_consulted="Sykepleier",
            ),
            at=now,
        ).pk
        from intake.models import ActionPlanDecision

        k["action_plan"] = ActionPlanDecision.objects.get(stay_id=k["stay"]).pk
        k["health_contact"] = contact_health(
            actor, k["person"], key=key(), reasons=[Concern.WISH_FOR_CONTACT], observation="Vil snakke.", at=now
        ).pk
    map_needs(cast, k)
    apply_for_recovery(cast, k)
    with cast["duty_leader"].acting() as actor:
        facts = Decision(
            kind="exclusion",
            extent="full",
            grounds=["harm_or_violence"],
            effective_at=now - timedelta(minutes=50),
            necessity="KANARI-PRISON truet en medinnsatt og slo i dørene.",
            less_intrusive="Samtale er forsøkt uten virkning.",
            partial_considered="Uroen kom også i liten gruppe.",
            hours_out_per_day=Decimal(1),
            force_used=False,
        )
        k["proposal"] = propose(
            actor, k["person"], kind="exclusion", reason="KANARI-PRISON slo i dørene.", key=key(), at=now
        ).pk
        k["measure"] = decide(actor, k["person"], facts=facts, key=key(), at=now).pk
        k["prison_letter"] = outbox(actor).filter(kind="exclusion_notice").get().pk
        asked: dict[str, Any] = {
            "recipients": [cast.agencies["north_health"].pk],
            "categories": ["plan"],
            "purpose": "Samarbeid om løslatelse",
            "valid_from": now.date() - timedelta(days=2),
            "valid_to": now.date() + timedelta(days=90),
            "told": list(consent_text_on("sharing", now.date()).points),
            "language": "nb",
            "interpreter": "not_needed",
            "given_by": "self",
            "at": now,
        }
        person = access_person(actor, k["person"])
        talk = consents.start_talk(actor, person, **asked)
        k["consent"] = consents.sign(actor, talk, typed_name="Blid Fiolin", reference_number="2026/1", at=now).pk
        k["talk"] = consents.start_talk(actor, person, **asked).pk
        k["question"] = consents.ask_if_needed(actor, person, "mapping", k["stay"], at=now).pk
    with cast["officer"].acting() as actor:
        person = access_person(actor, k["person"])
        consents.send_letter(
            actor,
            "follow_up_information",
            to=cast.agencies["north_health"].pk,
            person=person,
            body={**identity_of(person), "about": "Timeplan", "content": "KANARI-PRISON jobber til 15."},
            basis="LB03",
            necessity="Helsetjenesten må legge timene utenom arbeidstiden hans.",
            inmate_informed=True,
            files=[consents.Enclosure("timeplan.pdf", consents.document(b"%PDF-1.7\n%%EOF\n"))],
        )
        k["shared_letter"] = outbox(actor).get(kind="follow_up_information").pk
        draft = consents.save_draft(
            actor,
            person,
            place=f"{reverse('share', args=[person.pk])}?type=needs_summary",
            typed={"content": ["KANARI-PRISON kladd."]},
            at=now,
        )
        assert draft
        k["draft"] = draft.pk
        k["check"] = log_check(actor, k["measure"], state="calm", key=key(), at=now).check.pk
        k["contact"] = log_contact(
            actor,
            k["measure"],
            kind="talk",
            with_whom="staff",
            started_at=now - timedelta(minutes=30),
            ended_at=now - timedelta(minutes=10),
            key=key(),
            at=now,
        ).pk
        k["informal"] = register_informal(
            actor,
            cast.people["ung"],
            kind="self_isolation",
            since_on=clock.local_date(now),
            hours_out=Decimal(1),
            description="KANARI-PRISON vil være for seg selv.",
            key=key(),
            at=now,
        ).pk
        k["attention"] = Attention.objects.get(person_id=k["person"], lifted_at=None).pk
    with cast["nurse"].acting() as actor:
        letter = inbox(actor).filter(kind="exclusion_notice").get()
        k["muni_letter"] = letter.pk
        k["patient"] = follow_up.take_on(actor, letter.pk, patient_id=None, at=now).pk
        k["consultation"] = follow_up.record_consultation(
            actor,
            k["patient"],
            key=key(),
            outcome="held",
            held_at=now,
            facts={"notes": "KANARI-HELSE abstinenser."},
            at=now,
        ).pk
        course = running_course_of(actor, k["patient"])
        assert course
        k["course"] = course.pk
        k["visit"] = supervision.record_visit(
            actor, k["patient"], key=key(), done_at=now, course=course, facts={"notes": "KANARI-HELSE urolig."}, at=now
        ).pk
    with cast["doctor"].acting() as actor:
        letter = inbox(actor).filter(pk=k["muni_letter"]).get()
        follow_up.send_advice(
            actor,
            letter,
            key=key(),
            advice="Vi anbefaler mer samvær.",
            recommend="more_contact",
            basis="LB11",
            necessity="Samlet vurdering av helserisiko ved fortsatt utelukkelse.",
            at=now,
        )
        draft = sending.write(
            actor,
            access_person(actor, k["patient"]),
            trust=cast.agencies["trust"],
            key=key(),
            at=now,
            service_type="TSB",
            urgency="ordinary",
            reason="KANARI-HELSE opioidavhengighet.",
            question="Vurdering av rett til behandling.",
            medication="",
            interpreter=False,
            inmate_informed=True,
            basis="LB12",
        )
        k["referral"] = sending.send(actor, draft, at=now).pk
    with cast["duty_leader"].acting() as actor:
        k["advice_letter"] = inbox(actor).filter(kind="health_advice").get().pk
    with cast["trust_intake"].acting() as actor:
        letter = inbox(actor).filter(kind="referral").get()
        k["trust_letter"] = letter.pk
        case = assessing.register_receipt(actor, letter, patient=None, clinic=cast.units["trust_clinic"], at=now)
        assert case
        k["case"], k["trust_patient"] = case.pk, case.person_id
    follow_in_isolation(cast, k)
    with cast["doctor"].acting() as actor:
        # Against a kind of information that the tests of other things do not send.
        k["objection"] = consents.register_objection(
            actor,
            access_person(actor, k["patient"]),
            recipients=[],
            categories=["plan"],
            source="stated",
            words="KANARI-HELSE vil ikke.",
            objected_at=now,
            at=now,
        ).pk
    ask_for_information(cast, k)
    with cast["warden"].acting() as actor:
        plan_activity(
            actor, k["informal"], activities=["Luftegård"] * 7, minutes=[60] * 7, routines="", key=key(), at=now
        )
        k["hold"] = holds.place(
            actor, k["person"], reason="KANARI-PRISON klage.", until_on=now.date() + timedelta(days=90), at=now
        ).pk
    k["membership"] = cast["officer"].membership.pk
    k["prison"] = cast.agencies["north"].pk
    k["unit"] = cast.units["north_a"].pk
    return story


def map_needs(cast: Cast, k: dict[str, uuid.UUID]) -> None:
    """Let the contact officer offer a mapping and keep what it showed."""
    now = clock.now()
    with cast["contact_officer"].acting() as actor:
        stay = Stay.objects.get(pk=k["stay"])
        row = offer_mapping(actor, stay, answer="accepted", key=key(), at=now)
        k["mapping"] = finish_mapping(
            actor, row, needs=["housing"], resources=["work"], consent_needed=False, consent_reason="Ingenting deles nå.",
            version=row.version, at=now,
        ).pk  # fmt: skip


def apply_for_recovery(cast: Cast, k: dict[str, uuid.UUID]) -> None:
    """Let the prison have a recovery unit, and somebody apply for a place there."""
    now = clock.now()
    unit = make_unit(cast.agencies["north"], "Rusmestring", "recovery")
    with cast["contact_officer"].acting() as actor:
        stay = Stay.objects.get(pk=k["stay"])
        row = recovery.offer(actor, stay, unit=unit, told="KANARI-PRISON hva enheten tilbyr.", key=key(), at=now)
        recovery.answer(actor, row, applies=True, wish="KANARI-PRISON vil slutte.", version=row.version, at=now)
        k["recovery"] = row.pk


def ask_for_information(cast: Cast, k: dict[str, uuid.UUID]) -> None:
    """Let the warden name the duty leader, who asks twice: one request waits, of the other the health service wants to know more."""
    # Wide: some tests stop the clock of the application, and the postman has its own.
    k["naming"] = asking.name(cast, start=-30, end=3650)
    waiting, missed = asking.ask(cast), asking.ask(cast, wanted="Hvem han har snakket med om dette")
    with cast["nurse"].acting() as actor:
        k["request_letter"] = asking.received(actor, waiting).pk
        consents.ask_for_more(actor, asking.received(actor, missed), missing=["danger"])
    with cast["duty_leader"].acting() as actor:
        k["question_letter"] = inbox(actor).get(kind="information_question").pk


def follow_in_isolation(cast: Cast, k: dict[str, uuid.UUID]) -> None:
    """Let the health service report harm and surroundings, and the trust say yes to following up."""
    now = clock.now()
    with cast["doctor"].acting() as actor:
        k["harm_report"] = reports.report_harm(
            actor,
            k["course"],
            key=key(),
            finding="harm",
            advice="Vi råder til at tiltaket lettes i dag.",
            observed="KANARI-HELSE desorientert.",
            found_at=now,
            basis="LB11",
            necessity="Faren for alvorlig helseskade kan bare avverges slik.",
            at=now,
        ).pk
        reports.report_environment(
            actor,
            cast.agencies["north"].pk,
            key=key(),
            place="Celle A-12",
            aspects=["temperature"],
            finding="16 grader.",
            suggestion="Reparer ovnen.",
        )
        k["transfer"] = transfers.propose(
            actor, k["course"], key=key(), reason="KANARI-HELSE bør følges av DPS.", basis="LB10", at=now
        ).pk
    with cast["duty_leader"].acting() as actor:
        k["harm_letter"] = inbox(actor).filter(kind="harm_report").get().pk
        k["environment_letter"] = inbox(actor).filter(kind="environment_findings").get().pk
    with cast["trust_intake"].acting() as actor:
        k["proposal_letter"] = inbox(actor).filter(kind="follow_up_proposal").get().pk
        k["specialist_course"] = specialist.answer_proposal(
            actor,
            k["proposal_letter"],
            key=key(),
            accept=True,
            contact="DPS Prøve",
            reason="",
            patient_id=k["trust_patient"],
            at=now,
        ).pk
