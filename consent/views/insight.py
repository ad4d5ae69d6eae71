"""The doors of a person's right to know: what the agency tells, what it leaves out, and asking for the paper. No rule lives here."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from consent import access
from consent.access import insight as reading
from consent.actions import insight as actions
from consent.documents import insight as telling
from consent.documents import title_of
from consent.forms.insight import WithholdForm
from consent.models import Letter, MadeFile
from consent.views.export import asked, key_in
from coordination import clock, formats
from coordination.identity import Actor
from coordination.middleware import actor_of
from coordination.models.people import Named
from coordination.page_frame import in_menu
from coordination.views.people_common import banner_of, conflict_page, crumbs_of, run, saved


@require_http_methods(["GET", "POST"])
@in_menu("people")
def insight(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show what the agency tells a person about themselves; by POST, ask for it on paper."""
    actor = actor_of(request)
    person = reading.access_told(actor, pk)
    if request.method == "POST":
        return asked(actions.ask_for_insight(actor, person.pk, key=key_in(request)))
    return render(request, "consent/insight.html", _page(request, actor, person))


def _page(request: HttpRequest, actor: Actor, person: Named) -> dict[str, Any]:
    at = clock.now()
    today = clock.local_date(at)
    url = reverse("insight", args=[person.pk])
    withheld = reading.held_back(actor, person.pk, today)
    consents = list(access.consents_for(actor, person.pk))
    page = access.page_of(
        reading.letters_about(actor, person.pk),
        older=request.GET.get("eldre", ""),
        newer=request.GET.get("nyere", ""),
    )
    before = _day_asked(request)
    log = reading.log_page(actor, person.pk, before=before or today + timedelta(days=1))
    members = reading.members_named(actor, {row.membership_id for row in log.rows})
    return {
        "heading": _("Innsyn"),
        "person": banner_of(actor, person),
        "person_pk": person.pk,
        "crumbs": crumbs_of(person, _("Innsyn")),
        "consents": telling.consent_lines(
            consents, access.agency_names(pk for row in consents for pk in row.recipients), today
        ),
        "letters": telling.letter_lines(actor, page.letters, withheld, access.basis_titles()),
        "days": telling.day_lines(log.rows, members, withheld),
        "reasons": telling.reason_lines(reading.reasons_about(actor, person.pk), withheld),
        "omitted_log": [telling.omitted(row) for row in withheld if row.letter_id is None],
        "withheld": [
            {"row": row, "of": _withheld_of(row), "holds": row in withheld}
            for row in reading.withholdings_for(actor, person.pk)
        ],
        "newer_url": f"{url}?{urlencode({'nyere': page.newer})}" if page.newer else None,
        "older_url": f"{url}?{urlencode({'eldre': page.older})}" if page.older else None,
        "log_older_url": f"{url}?{urlencode({'logg': log.older.isoformat()})}#log" if log.older else "",
        "log_newest_url": f"{url}#log" if before else "",
        "files": reading.files_for(actor, person.pk, MadeFile.Kind.INSIGHT, at),
        "key": uuid4(),
    }


def _day_asked(request: HttpRequest) -> date | None:
    """Return the day before which the log is asked for; None when there is none, or somebody made it up."""
    try:
        return date.fromisoformat(request.GET.get("logg", ""))
    except ValueError:
        return None


def _withheld_of(row: Any) -> str:
    if row.letter is not None:
        return _("Brevet «%(title)s» fra %(day)s") % {
            "title": title_of(row.letter),
            "day": formats.shortdate(row.letter.sent_at),
        }
    return _("Loggen: %(period)s") % {"period": telling.omitted(row)["period"]}


@require_http_methods(["GET", "POST"])
@in_menu("people")
def withhold(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Leave one letter (`brev` in the address), or the log of a period, out of what a person is told."""
    actor = actor_of(request)
    person = reading.access_told(actor, pk)
    at = clock.now()
    today = clock.local_date(at)
    letter = _letter_asked(request, actor, person)
    form = WithholdForm(request.POST or None, grounds=actions.grounds_of(actor, today), of_letter=letter is not None)
    url = reverse("insight", args=[person.pk])
    if request.method == "POST" and form.is_valid():
        typed = {"first_on": None, "last_on": None, **form.cleaned_data}
        if run(form, lambda: actions.withhold(actor, person.pk, letter=letter, at=at, **typed)) is not None:
            return saved(request, _("Lagret. Delen er utelatt fra innsynet."), url)
    context = {
        "form": form,
        "heading": _("Utelat fra innsynet"),
        "lead": _("Brev: %(title)s") % {"title": title_of(letter)} if letter else _("Hvem som har sett i en periode"),
        "person": banner_of(actor, person),
        "crumbs": [*crumbs_of(person), {"label": _("Innsyn"), "url": url}, {"label": _("Utelat"), "url": ""}],
        "cancel_url": url,
        "submit_label": _("Utelat"),
    }
    return render(request, "coordination/people/form.html", context, status=422 if form.errors else 200)


def _letter_asked(request: HttpRequest, actor: Actor, person: Named) -> Letter | None:
    """Return the letter of the address. Raises Http404 for one that is not about this person, and for what is no key."""
    asked_for = request.GET.get("brev", "")
    if not asked_for:
        return None
    try:
        key = UUID(asked_for)
    except ValueError:
        raise Http404 from None
    return reading.access_letter_about(actor, person.pk, key)


@require_POST
@conflict_page
def withholding_end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let what was left out be told again."""
    row = actions.end_withholding(actor_of(request), pk, at=clock.now())
    return saved(request, _("Delen er med i innsynet igjen."), reverse("insight", args=[row.person_id]))
