"""What the letterbox hangs in the page frame: menu, letters that wait in "I dag", letters on the timeline, consents on the person page.

Holds no rule of any app, and writes nothing.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consent import access, documents, letter_page
from consent.access.insight import may_tell_person
from consent.access.journal import may_journal
from consent.actions.export import may_export_all
from consent.letters import INFORMATION_QUESTION, KINDS, PRACTICAL_MESSAGE, REQUESTS
from consent.models import LETTERS, OBJECTIONS, Letter
from consent.rules import may_remind
from coordination import clock, person_page, timeline, worklist
from coordination.counting import Countable
from coordination.deadlines import RULES
from coordination.formats import datetime_no
from coordination.frame import place_of
from coordination.identity import Actor
from coordination.models import Role
from coordination.models.deadlines import Strength
from coordination.models.people import Named
from coordination.page_frame import MenuItem, register_menu
from coordination.worklist import Task
from coordination.worlds import PERSONAL_WORLDS, WITHOUT_CONTENT, World

#: The most "I dag" loads of letters.
MOST = 200


def unread_count(actor: Actor, at: datetime) -> Countable:
    """Return the received letters that nobody has opened, to be counted."""
    return access.unread(access.inbox(actor))


register_menu(
    MenuItem(
        code="letters",
        label=gettext_lazy("Post"),
        icon="EnvelopeClosed",
        url_name="inbox",
        order=30,
        worlds=PERSONAL_WORLDS,
        roles=tuple(role for role in Role if role.usual_reach not in WITHOUT_CONTENT),
        count=unread_count,
    ),
    MenuItem(
        code="requesters",
        label=gettext_lazy("Fullmakter"),
        icon="KeyVertical",
        url_name="requesters",
        order=80,
        worlds=(World.CUSTODY,),
        roles=(Role.WARDEN,),
    ),
)


@letter_page.letter_actions
def request_actions(actor: Actor, letter: Letter) -> Iterator[person_page.Link]:
    """Answer a request that waits; ask anew with what the health service missed."""
    if letter.direction != Letter.Direction.IN or letter.answered_at is not None:
        return
    if letter.kind in REQUESTS and access.may_answer(actor):
        yield person_page.Link(
            label=_("Svar på anmodningen"), url=reverse("request_answer", args=[letter.pk]), primary=True
        )
    elif letter.kind == INFORMATION_QUESTION.code:
        # Only those who are named have this letter before them at all.
        yield person_page.Link(label=_("Skriv mer"), url=reverse("request_again", args=[letter.pk]), primary=True)
    elif letter.kind == PRACTICAL_MESSAGE.code and actor.role in PRACTICAL_MESSAGE.sender_roles:
        yield person_page.Link(
            label=_("Svar på meldingen"), url=reverse("message_answer", args=[letter.pk]), primary=True
        )


@person_page.links
def request_links(actor: Actor, person: Named) -> Iterator[person_page.Link]:
    """Ask the health service for information, for those who are named."""
    if actor.world is World.CUSTODY and access.named(actor).exists():
        yield person_page.Link(
            label=_("Be om opplysninger"), url=reverse("request_new", args=[person.pk]), icon="EnvelopeClosed"
        )


# "I dag"


def others_rules(actor: Actor) -> list[str]:
    """Return the registered rules whose letters lie before other roles than the actor's; a rule nobody registered is everybody's."""
    return [rule.code for rule in RULES.values() if actor.role not in rule.owners]


def before(actor: Actor) -> Q:
    """Return which waiting letters are the actor's to see in "I dag": by the owners of the rule, and always what one sent oneself."""
    return ~Q(rule__in=others_rules(actor)) | Q(
        direction=Letter.Direction.OUT, sender_membership_id=actor.membership_id
    )


@worklist.source
def letter_tasks(actor: Actor, at: datetime) -> Iterator[Task]:
    """Return received letters that wait for a receipt or an answer, and sent ones that the other side has not settled."""
    if actor.world not in LETTERS:
        return
    for letter in access.waiting(actor).select_related("person__unit").filter(before(actor))[:MOST]:
        yield task_of(actor, letter, at)


def task_of(actor: Actor, letter: Letter, at: datetime) -> Task:
    """Return a letter that waits as a line of "I dag"."""
    kind, rule = KINDS.get(letter.kind), RULES.get(letter.rule)
    person: Any = access.person_of(actor, letter)
    title, page = documents.title_of(letter), reverse("letter", args=[letter.pk])
    sent = letter.direction == Letter.Direction.OUT
    doing_url, doing_label = page, _("Åpne brevet")
    if sent and may_remind(letter.due_at, letter.settled_at, letter.reminded_at, at):
        doing_label = _("Send påminnelse")
    if not sent and kind and kind.doing and (rule is None or rule.opens_for(actor.role)):
        try:
            doing_url, doing_label = (
                reverse(kind.doing, args=[letter.pk]),
                _(kind.doing_label) if kind.doing_label else doing_label,
            )
        except NoReverseMatch:
            # A page that is missing must not take the whole day's list away; the letter itself is there.
            doing_url = page
    reason = kind.waiting_reason(letter, at) if sent and kind and kind.waiting_reason else ""
    if letter.reminded_at and not reason:
        reason = (_("Påminnet %(when)s") if sent else _("Avsenderen minnet om dette %(when)s")) % {
            "when": datetime_no(letter.reminded_at)
        }
    unopened = sent and letter.read_at is None and not documents.answer_only(letter)
    return Task(
        due_at=letter.due_at,
        title=title if sent else asked_for(letter) % {"title": title},
        reason=reason or (_("Sendt, ikke åpnet") if unopened else ""),
        person_name=documents.name_in(letter),
        place=place_of(person) if person else str(letter.body.get("cell") or letter.body.get("unit") or ""),
        person_url=reverse("person", args=[person.pk]) if person else page,
        doing_url=doing_url,
        doing_label=str(doing_label),
        strength=rule.strength if rule else Strength.MUST,
        rule=letter.rule,
        subject_id=letter.pk,
        person_id=person.pk if person else None,
        unit_id=person.unit_id if person else None,
        agency_kind=letter.other_agency.world,
        agency_name=letter.other_agency.name,
        waiting=sent,
    )


def asked_for(letter: Letter) -> str:
    """Return what the recipient is asked to do, as a pattern for the title."""
    return _("Svar på: %(title)s") if letter.awaits == Letter.Awaits.ANSWER else _("Kvitter for: %(title)s")


@worklist.source
def given_tasks(actor: Actor, at: datetime) -> Iterator[Task]:
    """Return the letters a colleague has given the actor, or everybody of the role, until they are opened."""
    if actor.world not in LETTERS:
        return
    for given in access.given_to(actor)[:MOST]:
        letter = given.letter
        task = task_of(actor, letter, at)
        yield replace(
            task,
            due_at=letter.due_at if letter.settled_at is None else None,
            title=f"{documents.handed_to(given)}: {documents.title_of(letter)}",
            reason=_("Fra %(who)s") % {"who": given.given_by_name} + (f": {given.note}" if given.note else ""),
            doing_url=reverse("letter", args=[letter.pk]),
            doing_label=_("Åpne brevet"),
            strength=Strength.SHOULD,
            rule="",
            waiting=False,
        )


@worklist.overdue_counter
def overdue_letters(actor: Actor, at: datetime) -> Countable:
    """Return the letters that are over their deadline, of those `letter_tasks` shows as duties, to be counted."""
    if actor.world not in LETTERS:
        return 0
    advised = [rule.code for rule in RULES.values() if rule.strength != Strength.MUST]
    return access.waiting(actor).filter(before(actor), due_at__lt=at).exclude(rule__in=advised)


# The person page


@timeline.source
def letter_events(actor: Actor, person: Named, since: datetime) -> Iterator[timeline.Event]:
    """Letters about a person, in and out, at the instant they were sent."""
    about = access.letters_for(actor).select_related(None).select_related("other_agency")
    for letter in about.filter(person_id=person.pk, sent_at__gte=since):
        to_or_from = _("Til %(agency)s") if letter.direction == Letter.Direction.OUT else _("Fra %(agency)s")
        text = to_or_from % {"agency": letter.other_agency.name}
        if letter.superseded_by:
            text = f"{text}. {_('Rettet av nytt brev')}"
        yield timeline.Event(
            at=letter.sent_at,
            kind="letter",
            title=documents.title_of(letter),
            text=text,
            who=documents.sender_of(letter),
            url=reverse("letter", args=[letter.pk]),
        )


@timeline.source
def consent_events(actor: Actor, person: Named, since: datetime) -> Iterator[timeline.Event]:
    """What happened to a person's consents, a no, an objection; and each consent that has run out, on the day it did."""
    if actor.world not in LETTERS:
        return
    url = reverse("consents", args=[person.pk])
    # That one ran out is told below from its last day, which waits for no sweep.
    for event in access.events_for(actor, person.pk).filter(recorded_at__gte=since).exclude(kind="expired"):
        yield timeline.Event(
            at=event.recorded_at,
            kind="plan",
            title=str(event.get_kind_display()),
            text=event.text,
            who=event.by_name,
            url=reverse("consent", args=[event.consent_id]),
        )
    today = clock.local_date(clock.now())
    for consent in access.consents_for(actor, person.pk).filter(
        valid_to__lt=today, withdrawn_at=None, superseded_at=None
    ):
        over = clock.end_of_local_day(consent.valid_to)
        if over >= since:
            yield timeline.Event(
                at=over, kind="plan", title=_("Samtykke utløpt"), url=reverse("consent", args=[consent.pk])
            )
    for talk in access.talks_for(actor, person.pk).filter(outcome="refused", outcome_at__gte=since):
        yield timeline.Event(
            at=talk.outcome_at, kind="plan", title=_("Sa nei til samtykke"), who=talk.outcome_by, url=url
        )
    if actor.world in OBJECTIONS:
        for row in access.objections_for(actor, person.pk).filter(Q(recorded_at__gte=since) | Q(lifted_at__gte=since)):
            if row.recorded_at >= since:
                yield timeline.Event(
                    at=row.objected_at, kind="plan", title=_("Motsatte seg deling"), who=row.by_name, url=url,
                    recorded_at=row.recorded_at,
                )  # fmt: skip
            if row.lifted_at is not None:
                yield timeline.Event(
                    at=row.lifted_at, kind="plan", title=_("Trakk motsettelsen"), who=row.lifted_by, url=url
                )


@person_page.links
def consent_links(actor: Actor, person: Named) -> Iterator[person_page.Link]:
    """Return the way to the person's consents and to what was shared about them."""
    yield person_page.Link(label=_("Samtykke og deling"), url=reverse("consents", args=[person.pk]), icon="ShieldLock")


@person_page.links
def journal_links(actor: Actor, person: Named) -> Iterator[person_page.Link]:
    """Return the way to the journal, for those who keep it."""
    if actor.world in LETTERS and may_journal(actor):
        yield person_page.Link(label=_("Journal"), url=reverse("journal", args=[person.pk]), icon="FileText")


@person_page.links
def insight_links(actor: Actor, person: Named) -> Iterator[person_page.Link]:
    """Return the ways to what the person may know, and to their letters for the agency's own archive."""
    if may_tell_person(actor):
        yield person_page.Link(label=_("Innsyn"), url=reverse("insight", args=[person.pk]), icon="Eye")
    if may_export_all(actor):
        yield person_page.Link(
            label=_("Brev til eget arkiv"), url=reverse("person_export", args=[person.pk]), icon="Archive"
        )


@person_page.panels
def consent_panel(actor: Actor, person: Named) -> Iterator[person_page.Panel]:
    """Return the consents in force, in a few lines."""
    # A panel hangs on a page of the ground, so the instant is read here: it decides what is shown, not what may be sent.
    today = clock.local_date(clock.now())
    rows = documents.consent_rows(access.consents_for(actor, person.pk), today)
    names = access.agency_names(pk for row in rows for pk in row["consent"].recipients)
    yield person_page.Panel(
        title=_("Samtykker"),
        template="consent/panel.html",
        context={
            "consents": documents.named([row for row in rows if row["in_force"]], names),
            "consents_url": reverse("consents", args=[person.pk]),
        },
        order=70,
    )
