"""The doors of a person's journal: read it, print it, take it to the agency's own system and say under which reference. No rule lives here."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from consent.access import insight as files
from consent.access import journal as reading
from consent.access.journal import Period
from consent.actions import journal as actions
from consent.documents import journal as telling
from consent.forms.journal import PeriodForm, ReferenceForm
from consent.models import MadeFile
from consent.views.export import asked, attached, key_in
from coordination import audit, clock, formats, pdf
from coordination.identity import Actor
from coordination.middleware import actor_of
from coordination.models.people import Named
from coordination.page_frame import in_menu
from coordination.step_up import step_up_required
from coordination.views.answers import on_paper
from coordination.views.people_common import banner_of, crumbs_of, run, saved


class Opened:
    """Somebody's journal as it was asked for: who asks, about whom, and which days."""

    def __init__(self, request: HttpRequest, pk: UUID) -> None:
        """Find the person and the days. Raises Http404."""
        self.actor: Actor = actor_of(request)
        self.person: Named = reading.access_journaled(self.actor, pk)
        stays = reading.stays_in(self.actor, self.person)
        self.form = PeriodForm(request.GET, stays=stays)
        self.period: Period = reading.period_of(stays, clock.now(), **self.form.asked())
        self.several = len(stays) > 1
        # Of a stay only what was found is kept: another person's key, typed in the address, is not repeated on the page.
        asked = self.period.stay if self.form.asked()["stay"] else None
        kept = {"opphold": str(asked.pk) if asked else "", "fra": request.GET.get("fra", ""), "til": request.GET.get("til", "")}  # fmt: skip
        self.query = urlencode({name: value for name, value in kept.items() if value})

    def url(self, name: str, **more: str) -> str:
        """Return the way to another door for the same days."""
        query = "&".join(part for part in (self.query, urlencode(more)) if part)
        return reverse(name, args=[self.person.pk]) + (f"?{query}" if query else "")

    def whole_url(self) -> str:
        """Return the way to all of this journal, or "" where all of it is shown."""
        first, last = self.period.whole
        if (self.period.first, self.period.last) == (first, last):
            return ""
        stay = {"opphold": str(self.period.stay.pk)} if self.several and self.period.stay else {}
        days = {"fra": formats.shortdate(first), "til": formats.shortdate(last)}
        return f"{reverse('journal', args=[self.person.pk])}?{urlencode({**stay, **days})}"

    def frame(self, heading: str) -> dict[str, Any]:
        """Return what every page about the journal shows around it."""
        crumbs = crumbs_of(self.person, heading)
        if heading != _("Journal"):
            crumbs.insert(2, {"label": _("Journal"), "url": self.url("journal")})
        system = actions.system_of(self.actor)
        return {
            "heading": heading,
            "person": banner_of(self.actor, self.person),
            "person_pk": self.person.pk,
            "crumbs": crumbs,
            "period": self.period,
            "system": system,
        }


@require_GET
@in_menu("people")
def journal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the entries of some days, oldest first, each with where it stands in the own system; `vis=uten` those that stand nowhere."""
    opened = Opened(request, pk)
    found = reading.entries(opened.actor, opened.person, opened.period)
    references = reading.references_of(opened.actor, opened.person)
    without = [entry for entry in found if entry.mark not in references]
    only = request.GET.get("vis") == "uten"
    tools = [
        {"label": _("Før i %(system)s") % {"system": actions.system_of(opened.actor)}, "url": opened.url("journal_file"), "icon": "Archive", "primary": True},
        {"label": _("Skriv ut arbeidskopi"), "url": opened.url("journal_pdf"), "icon": "PrinterSmall"},
    ]  # fmt: skip
    if actions.may_export_journal(opened.actor):
        tools.append({"label": _("Ta ut journalen"), "url": opened.url("journal_export"), "icon": "Download"})
    context = {
        **opened.frame(_("Journal")),
        "form": opened.form,
        "whole_url": opened.whole_url(),
        "tools": tools,
        "chips": [
            {"label": _("Alle"), "url": opened.url("journal"), "current": not only, "count": len(found)},
            {"label": _("Uten referanse"), "url": opened.url("journal", vis="uten"), "current": only, "count": len(without)},
        ],
        "rows": list(telling.rows(without if only else found, references)),
        "only": only,
    }  # fmt: skip
    return render(request, "consent/journal.html", context)


@require_GET
@in_menu("people")
def journal_pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer with the entries of some days on paper: a working copy. The file's name names nobody."""
    opened = Opened(request, pk)
    found = reading.entries(opened.actor, opened.person, opened.period)
    references = reading.references_of(opened.actor, opened.person)
    context = telling.paper(opened.actor, opened.person, found, references, clock.now())
    paper = pdf.render("consent/journal_pdf.html", context, title=_("Journal"))
    audit.note("print", opened.person)
    return on_paper(paper, "samvirke-journal.pdf")


@require_http_methods(["GET", "POST"])
@in_menu("people")
def journal_file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give the words of what stands nowhere yet (`vis=alle`: of everything) to be copied, and take the reference they got."""
    opened = Opened(request, pk)
    actor, person = opened.actor, opened.person
    everything = request.GET.get("vis") == "alle"
    references = reading.references_of(actor, person)
    found = reading.entries(actor, person, opened.period)
    shown = found if everything else [entry for entry in found if entry.mark not in references]
    marks = " ".join(str(entry.mark) for entry in shown)
    form = ReferenceForm(request.POST or None, initial={"marks": marks})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        row = run(
            form,
            lambda: actions.file_entries(
                actor,
                person.pk,
                opened.period,
                marks=data["marks"],
                text=data["reference"],
                key=data["key"],
                at=clock.now(),
            ),
        )
        if row is not None:
            return saved(request, _("Referansen er lagret."), opened.url("journal"))
    if form.is_bound:
        # Shown again it answers for the words that stand there now, not for those it was sent with.
        form.data = {**request.POST.dict(), "marks": marks}
    actions.note_taken(shown, person)
    context = {
        **opened.frame(_("Før i %(system)s") % {"system": actions.system_of(actor)}),
        "form": form,
        "count": len(shown),
        "text": telling.text_of(shown),
        "everything": everything,
        "other_url": opened.url("journal_file", **({} if everything else {"vis": "alle"})),
        "back_url": opened.url("journal"),
        "exports": [
            {"title": entry.title, "at": entry.at, "url": reverse("journal_entry_export", args=[person.pk, entry.mark])}
            for entry in shown
            if entry.row is not None
        ],
    }
    return render(request, "consent/journal_file.html", context, status=422 if form.errors else 200)


# Files


@require_GET
@step_up_required
def journal_entry_export(request: HttpRequest, pk: UUID, mark: UUID) -> HttpResponse:
    """Give one signed record as PDF/A with metadata. The file's name names nobody."""
    opened = Opened(request, pk)
    entry = reading.entry_of(opened.actor, opened.person, mark)
    data = actions.export_entry(opened.actor, opened.person, entry, at=clock.now())
    return attached(data, "application/zip", f"samvirke-journal-{mark.hex[-8:]}.zip")


@require_http_methods(["GET", "POST"])
@step_up_required
@in_menu("people")
def journal_export(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Tell what an export holds and show the ready ones; by POST, ask for one of the whole stay."""
    opened = Opened(request, pk)
    if not actions.may_export_journal(opened.actor):
        raise Http404
    period = reading.whole_of(opened.period)
    if request.method == "POST":
        return asked(actions.ask_for_journal(opened.actor, opened.person.pk, period, key=key_in(request)))
    context = {
        **opened.frame(_("Ta ut journalen")),
        "period": period,
        "files": files.files_for(opened.actor, opened.person.pk, MadeFile.Kind.JOURNAL, clock.now()),
        "key": uuid4(),
        "health": telling.one_by_one(opened.actor),
    }
    return render(request, "consent/journal_export.html", context)
