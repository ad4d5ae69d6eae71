"""The trust's doors: the desk's work list, registering receipt, choosing a clinic, deciding. Decide nothing themselves."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from consent.actions import enclosures, mark_read
from consent.documents import rows_of
from consent.models import Letter
from consent.views.drafts import keeps_draft, kept
from coordination import clock, formats
from coordination.identity import Actor
from coordination.middleware import actor_of
from coordination.page_frame import in_menu
from coordination.paging import part_of
from coordination.views.people_common import banner_of, conflict_page, run, saved
from referrals import access
from referrals.actions import assessing
from referrals.forms import ClinicForm, DecisionForm, ReceiptForm
from referrals.models import SpecialistReferral
from referrals.rules import State, assessment_due
from referrals.views.common import exchange, turns

NEW = "new"


def _crumbs(*more: dict[str, str]) -> list[dict[str, str]]:
    return [
        {"label": _("I dag"), "url": reverse("today")},
        {"label": _("Henvisninger"), "url": reverse("referral_intake")},
        *more,
    ]


@require_http_methods(["GET"])
@in_menu("referrals")
def referral_intake(request: HttpRequest) -> HttpResponse:
    """Show what lies at the desk, what is being assessed by deadline, and what was decided last."""
    actor = actor_of(request)
    if not access.may_read_received(actor):
        raise Http404
    shown = request.GET.get("vis", "")
    cases = access.cases_for(actor)
    path = reverse("referral_intake")
    chips = [
        {"label": _("Under arbeid"), "url": path, "current": shown != "avgjort"},
        {"label": _("Avgjort"), "url": f"{path}?vis=avgjort", "current": shown == "avgjort"},
    ]
    if shown == "avgjort":
        over = cases.exclude(state=State.RECEIVED.value)
        done = part_of(over, "received_at", request.GET.get("avgjort", ""), newest=True)
        context: dict[str, Any] = {
            "chips": chips,
            "shown": shown,
            "done": done.rows,
            "turns": turns(request, done, "avgjort"),
        }
        return render(request, "referrals/intake.html", context)
    letters = part_of(access.unregistered(actor), "sent_at", request.GET.get("brev", ""))
    assessed = part_of(cases.filter(state=State.RECEIVED.value), "assessment_due_at", request.GET.get("sak", ""))
    context = {
        "chips": chips,
        "shown": shown,
        "desk": access.may_receive(actor),
        "letters": [
            {
                "letter": x,
                "name": _name(x),
                "due_at": assessment_due(x.sent_at),
                "withdrawn": bool(x.body.get("withdrawn_by")),
            }
            for x in letters.rows
        ],
        "letter_count": letters.total,
        "letter_turns": turns(request, letters, "brev"),
        "cases": assessed.rows,
        "case_count": assessed.total,
        "case_turns": turns(request, assessed, "sak"),
    }
    return render(request, "referrals/intake.html", context)


def _name(letter: Letter) -> str:
    return f"{letter.body.get('family_name', '')}, {letter.body.get('given_name', '')}"


@require_http_methods(["GET", "POST"])
@in_menu("referrals")
@conflict_page
def referral_received(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Read a referral letter at the desk and register that it was received."""
    actor = actor_of(request)
    letter = access.access_received(actor, pk)
    case = access.case_of_thread(actor, letter.thread_id)
    if case is not None and case.letter_id == letter.letter_id and request.method == "GET":
        return redirect("referral_case", case.pk)
    mark_read(letter)
    matches = access.matches(actor, letter) if case is None else []
    withdrawn = bool(letter.body.get("withdrawn_by"))
    form = _receipt_form(
        actor, matches, request.POST if request.method == "POST" else None, asks=case is None and not withdrawn
    )
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data.get("patient", NEW)
        known = None if chosen == NEW else UUID(chosen)
        clinic = form.cleaned_data.get("clinic")
        # A withdrawn referral that was never received leaves nothing behind: an empty answer must not look like a refusal.
        done = run(
            form, lambda: (assessing.register_receipt(actor, letter, patient=known, clinic=clinic, at=clock.now()),)
        )
        if done is not None:
            case = done[0]
            target = reverse("referral_case", args=[case.pk]) if case else reverse("referral_intake")
            return saved(request, _("Mottaket er registrert, og henviseren har fått kvittering."), target)
    context = {
        "letter": letter,
        "name": _name(letter),
        "case": case,
        "rows": rows_of(letter),
        "matches": matches,
        "withdrawn": withdrawn,
        "due_at": assessment_due(letter.sent_at),
        "registers": access.may_receive(actor) and (letter.acknowledged_at is None or (case is None and not withdrawn)),
        "form": form,
        "crumbs": _crumbs({"label": _name(letter), "url": reverse("referral_received", args=[letter.pk])}),
    }
    return render(request, "referrals/received.html", context, status=422 if form.is_bound and form.errors else 200)


def _receipt_form(actor: Actor, matches: list[access.Match], data: Any, *, asks: bool) -> ReceiptForm:
    """Return the form: whose it is only when the trust knows somebody it may be about, and a new one unless it is surely known."""
    patients = [(str(match.patient.pk), _match_label(match)) for match in matches] if asks else []
    if patients and not any(match.certain for match in matches):
        patients.append((NEW, _("En ny pasient")))
    first = next((str(match.patient.pk) for match in matches if match.certain), None)
    form = ReceiptForm(data, patients=patients, clinics=access.clinics_of(actor), initial={"patient": first})
    if not asks:
        del form.fields["clinic"]
    return form


def _match_label(match: access.Match) -> str:
    same = _("samme fødselsnummer") if match.certain else _("samme navn og fødselsdato")
    patient = match.patient
    return f"{patient}, {_('født')} {formats.shortdate(patient.birth_date)} ({same})"


def _page(
    request: HttpRequest,
    actor: Actor,
    case: SpecialistReferral,
    *,
    decision: DecisionForm | None = None,
    clinic: ClinicForm | None = None,
) -> HttpResponse:
    letters = access.letters_of_case(actor, case)
    newest = next((letter for letter in letters if letter.letter_id == case.letter_id), None)
    assessed = case.state == State.RECEIVED.value
    decision_form = decision
    if assessed and decision is None:
        blank = DecisionForm(initial={"version": case.version, "basis": "LB12"})
        decision_form = kept(request, case.person, blank, place=reverse("referral_case", args=[case.pk]))
    context = {
        "case": case,
        "person": banner_of(actor, case.person),
        "rows": rows_of(newest) if newest else [],
        "letter": newest,
        "exchange": exchange(letters),
        "assessed": assessed,
        "decision_form": decision_form,
        "clinic_form": clinic
        or (
            ClinicForm(clinics=access.clinics_of(actor), initial={"clinic": case.clinic_id})
            if access.may_receive(actor)
            else None
        ),
        "form": decision or clinic,
        "crumbs": _crumbs({"label": str(case.person), "url": reverse("referral_case", args=[case.pk])}),
    }
    return render(request, "referrals/case.html", context, status=422 if decision or clinic else 200)


@require_http_methods(["GET"])
@in_menu("referrals")
@keeps_draft(gettext_lazy("Avgjørelse om en henvisning"))
def referral_case(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a referral of the trust: what was asked, the deadline, the decision."""
    actor = actor_of(request)
    return _page(request, actor, access.access_case(actor, pk))


@require_http_methods(["POST"])
@in_menu("referrals")
@conflict_page
def referral_assign(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say which clinic assesses."""
    actor = actor_of(request)
    case = access.access_case(actor, pk)
    if not access.may_receive(actor):
        raise Http404
    form = ClinicForm(request.POST, clinics=access.clinics_of(actor))
    if form.is_valid() and run(
        form, lambda: assessing.assign(actor, case, form.cleaned_data["clinic"], at=clock.now())
    ):
        return saved(request, _("Klinikken har fått henvisningen."), reverse("referral_case", args=[case.pk]))
    return _page(request, actor, case, clinic=form)


@require_http_methods(["POST"])
@in_menu("referrals")
@conflict_page
@keeps_draft(gettext_lazy("Avgjørelse om en henvisning"))
def referral_decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Decide and answer."""
    actor = actor_of(request)
    case = access.access_case(actor, pk)
    page = reverse("referral_case", args=[case.pk])
    form = kept(request, case.person, DecisionForm(request.POST, request.FILES), place=page)
    if form.is_valid() and run(form, lambda: _decide(actor, case, form)):
        return saved(request, _("Avgjørelsen er sendt til henviseren."), page)
    return _page(request, actor, case, decision=form)


def _decide(actor: Actor, case: SpecialistReferral, form: DecisionForm) -> SpecialistReferral:
    typed = dict(form.cleaned_data)
    return assessing.decide(actor, case, at=clock.now(), files=enclosures(typed.pop("attachments")), **typed)
