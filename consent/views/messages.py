"""The doors of practical messages between services: write one, answer one. No rule lives here."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from consent import wording
from consent.access import messages as reading
from consent.actions import messages as actions
from consent.forms.messages import AnswerForm, MessageForm
from consent.views.drafts import keeps_draft, kept
from coordination.middleware import actor_of
from coordination.page_frame import in_menu
from coordination.views.people_common import form_page, run, saved


def _crumbs(heading: str) -> list[dict[str, str]]:
    return [{"label": _("Post"), "url": reverse("inbox")}, {"label": heading, "url": ""}]


@require_http_methods(["GET", "POST"])
@in_menu("letters")
@keeps_draft(gettext_lazy("Praktisk melding"))
def message_new(request: HttpRequest) -> HttpResponse:
    """Write a practical message, about nobody, to a service one works with."""
    actor = actor_of(request)
    form = kept(request, None, MessageForm(request.POST or None, partners=reading.message_partners(actor)))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        sent = run(
            form,
            lambda: actions.send_message(
                actor, to=UUID(data["to"]), topic=data["topic"], text=data["text"], key=data["key"]
            ),
        )
        if sent is not None:
            return saved(request, _("Meldingen er sendt. Mottakeren bes om svar."), reverse("outbox"))
    heading = _("Ny praktisk melding")
    return form_page(
        request,
        form,
        heading,
        _("Send meldingen"),
        lead=_("Om det praktiske mellom tjenestene, aldri om en bestemt person. Om en person skriver du fra personens side."),
        crumbs=_crumbs(heading),
        cancel_url=reverse("outbox"),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@in_menu("letters")
@keeps_draft(gettext_lazy("Svar på praktisk melding"))
def message_answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer a practical message."""
    actor = actor_of(request)
    letter = reading.access_message(actor, pk)
    form = kept(request, None, AnswerForm(request.POST or None))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        sent = run(form, lambda: actions.answer_message(actor, pk, text=data["text"], key=data["key"]))
        if sent is not None:
            return saved(request, _("Svaret er sendt."), reverse("letter", args=[pk]))
    heading = _("Svar på praktisk melding")
    topic = wording.word(letter.kind, "topic", str(letter.body.get("topic", "")))
    return form_page(
        request,
        form,
        heading,
        _("Send svaret"),
        lead=_("Fra %(agency)s om: %(topic)s") % {"agency": letter.other_agency.name, "topic": str(topic).lower()},
        notes=[str(letter.body.get("text", ""))],
        crumbs=_crumbs(heading),
        cancel_url=reverse("letter", args=[pk]),
    )
