"""Doors: the board, one measure, the decision, its length, its end. They call verbs and show what is told; no rule is here."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from consent.views.drafts import keeps_draft, kept
from coordination import clock, formats
from coordination.identity import Actor
from coordination.ids import uuid7
from coordination.middleware import actor_of
from coordination.page_frame import in_menu
from coordination.people.attention import standing_of
from coordination.views.people_common import conflict_page
from isolation.access import (
    access_measure,
    last_checks,
    last_health_visits,
    looks_due,
    require_role,
    running,
    running_for,
)
from isolation.actions import law
from isolation.actions import measures as verbs
from isolation.actions.proposals import answers_to, open_proposal, proposals_waiting
from isolation.forms import CloseForm, DecisionForm, EndForm, ForecastForm, QuickCheckForm, WatchForm, WatchNoteForm
from isolation.history import kind_text, moment_text, protocols
from isolation.letters import DECIDERS, STAFF
from isolation.models import ContactSession, Measure, MeasureKind, Proposal
from isolation.rules.contact import contact_minutes_by_day
from isolation.rules.kinds import Kind, allowed_for
from isolation.rules.law import act_2026_holds
from isolation.views import measure_page
from isolation.views.common import measure_form, measure_frame, person_form, run, the_person, to

STATUTES = {
    MeasureKind.EXCLUSION: "strgjfl § 37",
    MeasureKind.IMMEDIATE_EXCLUSION: "strgjfl § 39",
    MeasureKind.COURT_ISOLATION: "strpl § 186 a",
    MeasureKind.SECURITY_CELL: "strgjfl § 38",
    MeasureKind.SECURITY_BED: "strgjfl § 38",
}
LAWS = {
    "strgjfl": gettext_lazy("Straffegjennomføringsloven"),
    "strpl": gettext_lazy("Straffeprosessloven"),
}


def statute(kind: str) -> str:
    """Return the law of a kind in full words."""
    law, section = STATUTES[MeasureKind(kind)].split(" ", 1)
    return f"{LAWS[law]} {section}"


@require_http_methods(["GET"])
@in_menu("isolation")
def isolation_board(request: HttpRequest) -> HttpResponse:
    """Show the running measures the actor may see, the one to look after first on top."""
    actor = actor_of(request)
    at = clock.now()
    rows = sorted(_board(actor, at), key=lambda row: (row["due_at"] is None, row["due_at"] or at, row["name"]))
    context = {
        "rows": rows,
        "may_write": actor.has_role(*STAFF),
        "proposals": proposals_waiting(actor) if actor.has_role(*STAFF) else [],
        "unclosed": protocols.unclosed(actor) if actor.has_role(*DECIDERS) else [],
        "tools": list(_board_tools(actor)),
    }
    return render(request, "isolation/board.html", context)


def _board_tools(actor: Actor) -> Iterator[dict[str, Any]]:
    if actor.has_role(*STAFF):
        yield {"label": _("Tilsynsrunde"), "url": reverse("ward_round"), "icon": "Eye", "primary": True}
        yield {"label": _("Tid ute av cella"), "url": reverse("time_out_unit"), "icon": "Clock"}
    yield {"label": _("Uten vedtak"), "url": reverse("informal_list"), "icon": "Door"}
    yield {"label": _("Følg særlig med på"), "url": reverse("attention_list"), "icon": "HandHeart"}
    if actor.has_role(*DECIDERS):
        yield {"label": _("Daglig gjennomgang"), "url": reverse("warden_reviews"), "icon": "ClipboardCheckmark"}


def _board(actor: Actor, at: datetime) -> Iterator[dict[str, Any]]:
    """Return a row per running measure, from seven queries however many there are."""
    found = list(running(actor))
    keys = [measure.pk for measure in found]
    visits = last_health_visits(found)
    due, last, plans = looks_due(actor, found), last_checks(actor, found), looks_due(actor, found, ("D22",))
    flagged = standing_of(actor, [measure.person_id for measure in found])
    start = clock.local_day_bounds(clock.local_date(at))[0]
    sessions: dict[UUID, list[tuple[datetime, datetime]]] = {}
    for session in ContactSession.objects.filter(
        agency_id=actor.agency_id, measure_id__in=keys, ended_at__gt=start, corrections=None
    ):
        sessions.setdefault(session.measure_id, []).append((session.started_at, session.ended_at))
    for measure in found:
        check, row = last.get(measure.pk), due.get(measure.pk)
        yield {
            "measure": measure,
            "name": str(measure.person),
            "place": measure.person.cell or str(measure.unit),
            "unit": str(measure.unit),
            "kind": kind_text(measure),
            "duration": clock.elapsed(measure.effective_at, at),
            "due_at": row.due_at if row else None,
            "plan_due_at": plans[measure.pk].due_at if measure.pk in plans else None,
            "last": check,
            "visited_at": visits.get(measure.pk),
            "visited_text": moment_text(visits[measure.pk], at) if measure.pk in visits else "",
            "flagged": measure.person_id in flagged,
            "minutes": None
            if measure.is_coercive
            else contact_minutes_by_day(sessions.get(measure.pk, [])).get(clock.local_date(at), 0),
        }


@require_http_methods(["GET"])
@in_menu("isolation")
def measure(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one measure: the log, the strip, status, plan and everything that happened."""
    actor = actor_of(request)
    return measure_response(request, actor, access_measure(actor, pk))


def measure_response(
    request: HttpRequest, actor: Actor, row: Measure, *, status: int = 200, **forms: Any
) -> HttpResponse:
    """Return the page of a measure; `forms` replace the empty ones where something must be put right."""
    at = clock.now()
    context = {
        **measure_frame(actor, row),
        **measure_page.build(actor, row, measure_page.asked_of(request.GET), at),
        "heading": kind_text(row),
        "lead": lead(row, at),
        "check_form": QuickCheckForm(at=at),
        "check_key": uuid7(),
        "watch_form": WatchForm(initial={"observer": actor.signature}, prefix="watch"),
        "note_form": WatchNoteForm(prefix="note"),
        **forms,
    }
    return render(request, "isolation/measure.html", context, status=status)


def lead(row: Measure, at: datetime) -> str:
    """Return the line under the heading: the law and the start."""
    when = moment_text(row.effective_at, at)
    text = _("%(law)s. Startet %(when)s.") % {"law": statute(row.kind), "when": when}
    return (
        text
        if row.ended_at is None
        else text + " " + _("Avsluttet %(when)s.") % {"when": moment_text(row.ended_at, at)}
    )


@require_http_methods(["GET", "POST"])
@in_menu("isolation")
@conflict_page
@keeps_draft(gettext_lazy("Vedtak om isolasjon"))
def measure_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Decide on a measure about a person. First which kind, then what that kind asks for."""
    actor = actor_of(request)
    require_role(actor, DECIDERS)
    person = the_person(actor, pk)
    at = clock.now()
    current = running_for(actor, pk)
    minor = clock.is_minor(person.birth_date, at)
    new_law = act_2026_holds(at, law.act_date())
    proposal = open_proposal(actor, pk)
    wanted = request.GET.get("kind", "")
    if wanted not in MeasureKind.values:
        if request.method == "POST":
            raise Http404
        kinds = [
            {"label": label, "url": f"?kind={code}", "section": statute(code)}
            for code, label in MeasureKind.choices
            if allowed_for(Kind(code), minor=minor, act_2026=new_law)
        ]
        return _new_page(request, actor, person, None, current, template="isolation/measure_kind.html", kinds=kinds)
    kind = Kind(wanted)
    form = DecisionForm(
        request.POST or None,
        kind=kind,
        minor=minor,
        at=at,
        act_2026=new_law,
        initial={"replaces": current.pk if current else None, **_proposed(proposal, kind)},
    )
    form = kept(request, person, form, place=f"{request.path}?kind={kind.value}")
    if request.method == "POST" and form.is_valid():
        made = run(
            form,
            lambda: verbs.decide(
                actor,
                pk,
                facts=_facts(form, kind),
                key=form.cleaned_data["key"],
                replaces=form.cleaned_data["replaces"],
                order=order_in(form) if kind is Kind.COURT_ISOLATION else None,
                proposal=form.cleaned_data["proposal"],
                at=at,
            ),
        )
        if made is not None:
            return to("measure", made.pk, query="?decided=1")
    more = {"kind": MeasureKind(wanted).label, "minor": minor, "proposal": proposal}
    return _new_page(request, actor, person, form, current, **more)


def _proposed(proposal: Proposal | None, kind: Kind) -> dict[str, Any]:
    """Return what a proposal of the same kind fills in, with the doctor's advice word for word."""
    if proposal is None or proposal.kind != kind.value:
        return {}
    found: dict[str, Any] = {"proposal": proposal.pk, "necessity": proposal.reason}
    answers = answers_to(proposal)
    if answers:
        found |= {
            "statement": Measure.Statement.OBTAINED,
            "statement_text": "\n".join(str(letter.body.get("advice", "")) for letter in answers),
        }
    elif proposal.asked_at is not None:
        text = _("Vi spurte legen %(when)s og har ikke fått svar.") % {"when": formats.datetime_no(proposal.asked_at)}
        found |= {"statement": Measure.Statement.NOT_OBTAINED, "statement_text": text}
    return found


def order_in(form: Any) -> verbs.Order:
    """Return what a form says the court ordered."""
    data = form.cleaned_data
    assert form.ends_at is not None
    return verbs.Order(
        court=data["court"],
        reference=data["reference"],
        ends_at=form.ends_at,
        penalty=data["penalty"],
        retest_pointless=data["retest_pointless"],
        weighty_reasons=data["weighty_reasons"],
    )


def _new_page(
    request: HttpRequest, actor: Actor, person: Any, form: Any, current: Measure | None, **more: Any
) -> HttpResponse:
    heading = _("Vedtak om %(kind)s") % {"kind": str(more["kind"]).lower()} if form else _("Nytt vedtak om isolasjon")
    context = {
        "template": "isolation/measure_new.html",
        **more,
        "current": current,
        "current_kind": kind_text(current) if current else "",
    }
    return person_form(
        request,
        actor,
        person,
        form or QuickCheckForm(at=clock.now()),
        heading,
        _("Lagre vedtaket og varsle legen"),
        **context,
    )


def _facts(form: DecisionForm, kind: Kind) -> verbs.Decision:
    data = form.cleaned_data
    assert form.effective_at is not None
    return verbs.Decision(
        kind=kind.value,
        extent=data.get("extent", ""),
        grounds=data["grounds"],
        effective_at=form.effective_at,
        necessity=data["necessity"],
        less_intrusive=data.get("less_intrusive", ""),
        partial_considered=data.get("partial_considered", ""),
        best_interests=data.get("best_interests", ""),
        team_statement=data.get("team_statement", ""),
        team_text=data.get("team_text", ""),
        circumstances=data["circumstances"],
        signs_of_illness=data["signs_of_illness"],
        vulnerabilities=data["vulnerabilities"],
        expected_hours=data["expected_hours"],
        hours_out_per_day=data["hours_out_per_day"],
        force_used=data["force_used"] == "yes",
        force_note=data["force_note"],
        statement=data.get("statement", ""),
        statement_text=data.get("statement_text", ""),
        notice_reason=data["notice_reason"],
    )


@require_http_methods(["GET", "POST"])
@in_menu("isolation")
@conflict_page
def measure_end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End a measure; then the protocol lies ready to print."""
    actor = actor_of(request)
    require_role(actor, DECIDERS)
    row = access_measure(actor, pk)
    at = clock.now()
    form = EndForm(request.POST or None, at=at)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        assert form.ended_at is not None
        ended_at = form.ended_at
        if (
            run(form, lambda: verbs.end(actor, pk, ended_at=ended_at, reason=data["reason"], note=data["note"], at=at))
            is not None
        ):
            return to("measure", pk, query="?ended=1")
    lead_text = _("Helsetjenesten får beskjed når du lagrer, og fristene stopper. Skriv ut protokollen etterpå.")
    return measure_form(request, actor, row, form, _("Avslutt tiltaket"), _("Avslutt tiltaket"), lead=lead_text)


@require_http_methods(["GET", "POST"])
@in_menu("isolation")
@conflict_page
def measure_close(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Close the protocol of an ended measure; what is missing in it stands on the page."""
    actor = actor_of(request)
    require_role(actor, DECIDERS)
    row = access_measure(actor, pk)
    if row.ended_at is None or row.closed_at is not None:
        return to("measure", pk)
    at = clock.now()
    missing = list(protocols.unsettled(row, at))
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        note = form.cleaned_data["note"]
        if run(form, lambda: verbs.close(actor, pk, note=note, unsettled=bool(missing), at=at)) is not None:
            return to("measure", pk)
    more = {
        "template": "isolation/measure_close.html",
        "missing": missing,
        "lead": _("Når protokollen er lukket, kan tiltaket ikke endres. Tilsyn kan fortsatt skrives inn i ettertid."),
    }
    return measure_form(request, actor, row, form, _("Lukk protokollen"), _("Lukk protokollen"), **more)


@require_http_methods(["GET", "POST"])
@in_menu("isolation")
@conflict_page
def measure_forecast(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Judge again how long an exclusion will last."""
    actor = actor_of(request)
    require_role(actor, DECIDERS)
    row = access_measure(actor, pk)
    form = ForecastForm(request.POST or None, initial={"expected_hours": row.expected_hours})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = run(
            form,
            lambda: verbs.judge_length(
                actor, pk, expected_hours=data["expected_hours"], reason=data["reason"], at=clock.now()
            ),
        )
        if made is not None:
            return to("measure", pk)
    lead_text = _("Tiltaket startet %(when)s.") % {"when": formats.datetime_no(row.effective_at)}
    return measure_form(request, actor, row, form, _("Endre forventet varighet"), _("Lagre varigheten"), lead=lead_text)
