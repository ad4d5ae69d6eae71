"""The doors that take letters out to the agency's own archive, and of files the worker makes about a person. No rule lives here."""

from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from consent import access
from consent.access import insight as reading
from consent.actions import export as actions
from consent.actions import insight, journal, opened
from consent.models import MadeFile
from coordination import clock
from coordination.jobs import Progress, progress_of
from coordination.middleware import actor_of
from coordination.page_frame import in_menu
from coordination.people.access import access_person
from coordination.step_up import step_up_required
from coordination.views.answers import see_other
from coordination.views.people_common import banner_of, crumbs_of
from coordination.views.progress import progress_context

#: Never shown inside our own pages, and never guessed at.
SAFE = {"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox", "X-Content-Type-Options": "nosniff"}  # fmt: skip

#: Kind of job → the page it is asked for on, and the words while it is made, when it is ready, and on the way to it.
MADE = {
    insight.KIND: ("insight", gettext_lazy("Papiret lages"), gettext_lazy("Papiret er klart"), gettext_lazy("Åpne papiret")),
    actions.KIND: ("person_export", gettext_lazy("Brevene hentes ut"), gettext_lazy("Brevene er klare"), gettext_lazy("Last ned")),
    journal.KIND: ("journal_export", gettext_lazy("Journalen hentes ut"), gettext_lazy("Journalen er klar"), gettext_lazy("Last ned")),
}  # fmt: skip
#: Kind of file → what its name says it is.
NAMES = {MadeFile.Kind.INSIGHT: "innsyn", MadeFile.Kind.EXPORT: "brev", MadeFile.Kind.JOURNAL: "journal"}


def asked(job: UUID) -> HttpResponse:
    """Send the one who asked for work to the page that shows how far it has come."""
    return see_other("made_progress", job)


def key_in(request: HttpRequest) -> UUID:
    """Return the key of a form that asks for work; a new one where it is missing or made up."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid4()


@require_GET
@step_up_required
def letter_export(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give one letter as PDF/A with metadata. The file's name names nobody."""
    actor = actor_of(request)
    row = opened(actor, pk)
    data = actions.export_letter(actor, row, at=clock.now())
    return attached(data, "application/zip", f"samvirke-brev-{row.pk.hex[-8:]}.zip")


@require_http_methods(["GET", "POST"])
@step_up_required
@in_menu("people")
def person_export(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Tell what an export holds and show the ready ones; by POST, ask for one."""
    actor = actor_of(request)
    if not actions.may_export_all(actor):
        raise Http404
    person = access.access_subject(actor, pk)
    if request.method == "POST":
        return asked(actions.ask_for_export(actor, person.pk, key=key_in(request)))
    context = {
        "heading": _("Brev til eget arkiv"),
        "person": banner_of(actor, person),
        "crumbs": crumbs_of(person, _("Brev til eget arkiv")),
        "count": reading.letters_about(actor, person.pk).count(),
        "files": reading.files_for(actor, person.pk, MadeFile.Kind.EXPORT, clock.now()),
        "key": uuid4(),
    }
    return render(request, "consent/export.html", context)


# Files that were made


@require_GET
@in_menu("people")
def made_progress(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show how far a file has come; only to the one who asked."""
    job = progress_of(pk)
    if job.kind not in MADE:
        raise Http404
    page, title, ready, label = MADE[job.kind]
    back = ""
    if job.over:
        # The way back names whom it is about, which leaves a trace; a page that looks again every other second names nobody.
        person = access_person(actor_of(request), UUID(job.arguments["person"]))
        back = reverse(page, args=[person.pk])
    context = progress_context(
        job,
        check="made_progress",
        title=str(title),
        ready=str(ready),
        text=_words(job),
        result_url=reverse("made_file", args=[job.result]) if job.result else "",
        result_label=str(label),
        back_url=back,
        back_label=_("Tilbake"),
    )
    return render(request, "consent/made_progress.html", {"job": context})


def _words(job: Progress) -> str:
    if job.state == "done":
        return _("Filen kan hentes i sju dager, bare av deg.")
    if job.over:
        return _("Filen ble ikke laget. Ingenting er lagret. Prøv igjen.")
    if job.state == "waiting":
        return _("Arbeidet står i kø.")
    if not job.total:
        return _("Arbeidet har begynt.")
    return _("Steg %(step)s av %(steps)s.") % {"step": job.done + 1, "steps": job.total}


@require_GET
@step_up_required
def made_file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give a file to the one who asked for it. Neither its name nor the headers name anybody."""
    row = actions.take_out(actor_of(request), pk, at=clock.now())
    paper = row.kind == MadeFile.Kind.INSIGHT
    name = f"samvirke-{NAMES[MadeFile.Kind(row.kind)]}-{row.pk.hex[-8:]}.{'pdf' if paper else 'zip'}"
    return attached(bytes(row.data), row.content_type, name)


def attached(data: bytes, content_type: str, name: str) -> HttpResponse:
    """Return a file to keep, never shown inside our own pages."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', **SAFE}
    return HttpResponse(data, content_type=content_type, headers=headers)
