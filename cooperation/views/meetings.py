"""The doors of meetings: forums, one forum, planning, minutes, and the paper. Decide nothing."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from cooperation.access import meetings as access
from cooperation.access.shared import parties_of
from cooperation.actions import meetings as actions
from cooperation.documents import meetings as documents
from cooperation.forms.meetings import (
    CancelForm,
    ForumForm,
    MeetingForm,
    MeetingNoteForm,
    MinutesForm,
    NewForumForm,
    NewMeetingForm,
)
from cooperation.models import Meeting, MeetingForum
from cooperation.views.shared import crumbs, tabs, turns
from coordination import audit, clock, formats, pdf
from coordination.middleware import actor_of
from coordination.page_frame import in_menu
from coordination.paging import part_of
from coordination.views.answers import on_paper
from coordination.views.people_common import conflict_page, form_page, run, saved

ENDED = "avsluttet"


def _crumbs(here: str, forum: MeetingForum | None = None) -> list[dict[str, str]]:
    way = crumbs("forum_list", _("Møter"), here)
    if forum is not None:
        way.insert(1, {"label": forum.title, "url": reverse("forum", args=[forum.pk])})
    return way


@require_http_methods(["GET"])
@in_menu("cooperation")
def forum_list(request: HttpRequest) -> HttpResponse:
    """Show the forums the agency holds and those it takes part in."""
    actor = actor_of(request)
    ended = request.GET.get("vis") == ENDED
    part = part_of(
        access.forums_for(actor).select_related("agency").filter(ended_on__isnull=not ended),
        "recorded_at",
        request.GET.get("side", ""),
        newest=True,
    )
    parties, planned = parties_of(part.rows), access.planned_of(part.rows)
    tools = [{"label": _("Lag møteplass"), "url": reverse("forum_new"), "icon": "PlusCircle", "primary": True}]
    context = {
        "tabs": tabs(actor, "forum_list"),
        "tools": tools if access.may_hold(actor) else [],
        "chips": [
            {"label": _("I bruk"), "url": reverse("forum_list"), "current": not ended},
            {"label": _("Avsluttede"), "url": f"{reverse('forum_list')}?vis={ENDED}", "current": ended},
        ],
        "ended": ended,
        "rows": [
            {"forum": row, "parties": parties[row.pk], "next": planned.get(row.pk), "own": access.holds(actor, row)}
            for row in part.rows
        ],
        "turns": turns(request, part),
    }
    return render(request, "cooperation/forum_list.html", context)


@require_http_methods(["GET", "POST"])
@in_menu("cooperation")
def forum_new(request: HttpRequest) -> HttpResponse:
    """Set up a fixed place to meet."""
    actor = actor_of(request)
    access.require_holder(actor)
    form = NewForumForm(request.POST or None, level=access.level_of(actor), possible=access.possible_parties(actor))
    if request.method == "POST" and form.is_valid():
        row = run(form, lambda: actions.set_up_forum(actor, **form.cleaned_data, at=clock.now()))
        if row is not None:
            return saved(request, _("Møteplassen er lagret."), reverse("forum", args=[row.pk]))
    heading = _("Lag møteplass")
    return form_page(
        request,
        form,
        heading,
        _("Lagre møteplassen"),
        lead=_("Et fast sted for ledere i virksomheter som samarbeider."),
        crumbs=_crumbs(heading),
        cancel_url=reverse("forum_list"),
    )


@require_http_methods(["GET", "POST"])
@in_menu("cooperation")
@conflict_page
def forum_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a forum, take in more, or end it."""
    actor = actor_of(request)
    row = access.access_forum(actor, pk, own=True)
    possible = {agency.pk: agency for agency in (*access.possible_parties(actor), *parties_of([row])[row.pk])}
    form = ForumForm(
        request.POST or None,
        level=access.level_of(actor),
        possible=list(possible.values()),
        initial={
            "title": row.title,
            "interval_months": row.interval_months,
            "parties": [str(pk) for pk in row.party_ids],
            "others": row.others,
            "topics": row.topics,
            "version": row.version,
        },
    )
    if request.method == "POST" and form.is_valid():
        done = run(form, lambda: actions.change_forum(actor, pk, **form.cleaned_data, at=clock.now()))
        if done is not None:
            return saved(request, _("Møteplassen er lagret."), reverse("forum", args=[pk]))
    heading = _("Endre møteplassen")
    return form_page(
        request,
        form,
        heading,
        _("Lagre møteplassen"),
        crumbs=_crumbs(heading, row),
        cancel_url=reverse("forum", args=[pk]),
    )


@require_http_methods(["GET"])
@in_menu("cooperation")
def forum(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a forum and its meetings."""
    actor = actor_of(request)
    row = access.access_forum(actor, pk)
    meetings = access.meetings_for(actor).filter(forum=row)
    planned = meetings.filter(state=Meeting.State.PLANNED).order_by("held_on", "pk")
    part = part_of(
        meetings.exclude(state=Meeting.State.PLANNED), "finished_at", request.GET.get("side", ""), newest=True
    )
    own = access.holds(actor, row) and row.ended_on is None
    tools = [
        {"label": _("Planlegg møte"), "url": reverse("meeting_new", args=[pk]), "icon": "Calendar", "primary": True},
        {"label": _("Endre"), "url": reverse("forum_edit", args=[pk]), "icon": "Pencil"},
    ]
    context = {
        "forum": row,
        "crumbs": crumbs("forum_list", _("Møter"), row.title),
        "heading": row.title,
        "tools": tools if own else [],
        "parties": parties_of([row])[row.pk],
        "topics": documents.topics_of(row.topics),
        "planned": planned,
        "finished": part.rows,
        "turns": turns(request, part),
    }
    return render(request, "cooperation/forum.html", context)


@require_http_methods(["GET", "POST"])
@in_menu("cooperation")
def meeting_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Plan a meeting of a forum."""
    actor = actor_of(request)
    row = access.access_forum(actor, pk, own=True)
    agenda = "\n".join(documents.topics_of(row.topics))
    form = NewMeetingForm(request.POST or None, initial={"agenda": agenda})
    if request.method == "POST" and form.is_valid():
        planned = run(form, lambda: actions.plan_meeting(actor, pk, **form.cleaned_data, at=clock.now()))
        if planned is not None:
            return saved(request, _("Møtet er planlagt. De andre ser det nå."), reverse("meeting", args=[planned.pk]))
    heading = _("Planlegg møte")
    return form_page(
        request,
        form,
        heading,
        _("Lagre møtet"),
        lead=row.title,
        crumbs=_crumbs(heading, row),
        cancel_url=reverse("forum", args=[pk]),
    )


@require_http_methods(["GET", "POST"])
@in_menu("cooperation")
def meeting(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a meeting with what was added, and add to it."""
    actor = actor_of(request)
    row = access.access_meeting(actor, pk)
    form = MeetingNoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = run(form, lambda: actions.add_note(actor, pk, **form.cleaned_data, at=clock.now()))
        if done is not None:
            return saved(request, _("Innspillet er lagret. De andre ser det nå."), reverse("meeting", args=[pk]))
    heading = _("Møte %(day)s") % {"day": formats.shortdate(row.held_on)}
    tools: list[dict[str, Any]] = [
        {"label": _("Åpne PDF"), "url": reverse("meeting_pdf", args=[pk]), "icon": "Download"}
    ]
    planned = row.state == Meeting.State.PLANNED
    if planned and access.holds(actor, row):
        shown = (
            ("referat", _("Skriv referat"), "FileText"),
            ("endre", _("Endre"), "Pencil"),
            ("avlys", _("Avlys"), "MinusCircle"),
        )
        tools[:0] = [
            {
                "label": label,
                "url": reverse("meeting_verb", args=[pk, verb]),
                "icon": icon,
                "primary": verb == "referat",
            }
            for verb, label, icon in shown
        ]
    context = {
        "meeting": row,
        "heading": heading,
        "crumbs": _crumbs(heading, row.forum),
        "tools": tools,
        "notes": access.notes_of(row),
        "planned": planned,
        "form": form,
    }
    return render(request, "cooperation/meeting.html", context, status=422 if form.errors else 200)


@dataclass(frozen=True)
class PlannedVerb:
    """What its owner does with a planned meeting: the form, the verb, and what the page says."""

    form: Any
    act: Any
    heading: Any
    submit: Any
    done: Any


#: By the last part of the address.
VERBS = {
    "endre": PlannedVerb(
        MeetingForm,
        actions.change_meeting,
        gettext_lazy("Endre møtet"),
        gettext_lazy("Lagre møtet"),
        gettext_lazy("Møtet er lagret."),
    ),
    "referat": PlannedVerb(
        MinutesForm,
        actions.hold_meeting,
        gettext_lazy("Skriv referat"),
        gettext_lazy("Lagre referatet"),
        gettext_lazy("Referatet er lagret."),
    ),
    "avlys": PlannedVerb(
        CancelForm,
        actions.cancel_meeting,
        gettext_lazy("Avlys møtet"),
        gettext_lazy("Avlys møtet"),
        gettext_lazy("Møtet er avlyst."),
    ),
}


@require_http_methods(["GET", "POST"])
@in_menu("cooperation")
@conflict_page
def meeting_verb(request: HttpRequest, pk: UUID, verb: str) -> HttpResponse:
    """Change a planned meeting, write its minutes, or cancel it."""
    actor = actor_of(request)
    told = VERBS.get(verb)
    # Who comes too late with a form is told of the conflict; who opens it too late, that it is no longer there.
    row = access.access_meeting(actor, pk, own=True)
    if told is None or (request.method == "GET" and row.state != Meeting.State.PLANNED):
        raise Http404
    form = told.form(
        request.POST or None,
        initial={"held_on": row.held_on, "place": row.place, "agenda": row.agenda, "version": row.version},
    )
    if request.method == "POST" and form.is_valid():
        done = run(form, lambda: told.act(actor, pk, **form.cleaned_data, at=clock.now()))
        if done is not None:
            return saved(request, str(told.done), reverse("meeting", args=[pk]))
    return form_page(
        request,
        form,
        str(told.heading),
        str(told.submit),
        lead=row.forum.title,
        crumbs=_crumbs(str(told.heading), row.forum),
        cancel_url=reverse("meeting", args=[pk]),
    )


@require_http_methods(["GET"])
def meeting_pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Hand out a meeting on paper: the minutes, or before it what is to be taken up."""
    actor = actor_of(request)
    row = access.access_meeting(actor, pk)
    parties = parties_of([row.forum])[row.forum_id]
    values = documents.minutes(actor, row, parties, access.notes_of(row), clock.now())
    title = _("Referat fra samarbeidsmøte") if row.state == Meeting.State.HELD else _("Samarbeidsmøte")
    paper = pdf.render("cooperation/meeting_pdf.html", values, title=title)
    audit.note("print", row)
    return on_paper(paper, f"samarbeidsmote-{row.held_on}.pdf")
