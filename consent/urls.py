"""The doors of this app."""

from django.urls import path

from consent.views import attachments, boxes, consents, drafts, handling, letters, sharing, talks

urlpatterns = [
    path("post/", boxes.inbox, name="inbox"),
    path("post/sendt/", boxes.outbox, name="outbox"),
    path("post/kladder/", drafts.drafts, name="drafts"),
    path("post/kvittert/", boxes.letters_acknowledged, name="letters_acknowledged"),
    path("kladder/<uuid:pk>/forkast/", drafts.draft_discard, name="draft_discard"),
    path("personer/<uuid:pk>/kladd/", drafts.draft_save, name="draft_save"),
    path("post/<uuid:pk>/", letters.letter, name="letter"),
    path("post/<uuid:pk>/kvitter/", letters.letter_acknowledge, name="letter_acknowledge"),
    path("post/<uuid:pk>/journalfor/", letters.letter_file, name="letter_file"),
    path("post/<uuid:pk>/rett/", letters.letter_correct, name="letter_correct"),
    path("post/<uuid:pk>/vedlegg/<int:number>/", attachments.letter_attachment, name="letter_attachment"),
    path("post/<uuid:pk>/tildel/", handling.letter_assign, name="letter_assign"),
    path("post/<uuid:pk>/videresend/", handling.letter_forward, name="letter_forward"),
    path("post/<uuid:pk>/paminn/", handling.letter_remind, name="letter_remind"),
    path("post/<uuid:pk>/pdf/", letters.letter_pdf, name="letter_pdf"),
    path("personer/<uuid:pk>/samtykker/", consents.consents, name="consents"),
    path("personer/<uuid:pk>/samtykker/nytt/", talks.consent_new, name="consent_new"),
    path("personer/<uuid:pk>/del/", sharing.share, name="share"),
    path("personer/<uuid:pk>/motsettelser/ny/", sharing.objection_new, name="objection_new"),
    path("samtykkesamtaler/<uuid:pk>/", talks.consent_talk, name="consent_talk"),
    path("samtykkesamtaler/<uuid:pk>/signer/", talks.consent_sign, name="consent_sign"),
    path("samtykkesamtaler/<uuid:pk>/nei/", talks.consent_refuse, name="consent_refuse"),
    path("samtykkesamtaler/<uuid:pk>/kompetanse/", talks.consent_competence, name="consent_competence"),
    path("samtykkesamtaler/<uuid:pk>/pdf/", talks.consent_form_pdf, name="consent_form_pdf"),
    path("samtykkeskjema/<slug:language>/", talks.consent_blank_pdf, name="consent_blank_pdf"),
    path("samtykker/<uuid:pk>/", consents.consent, name="consent"),
    path("samtykker/<uuid:pk>/dokument/", consents.consent_document, name="consent_document_pdf"),
    path("samtykker/<uuid:pk>/journalfor/", consents.consent_journal, name="consent_journal"),
    path("samtykker/<uuid:pk>/mindre/", consents.consent_narrow, name="consent_narrow"),
    path("samtykker/<uuid:pk>/trekk/", consents.consent_withdraw, name="consent_withdraw"),
    path("samtykkesporsmal/<uuid:pk>/", consents.consent_question, name="consent_question"),
    path("motsettelser/<uuid:pk>/trekk/", sharing.objection_lift, name="objection_lift"),
    path("motsettelser/<uuid:pk>/sett-til-side/", sharing.objection_override, name="objection_override"),
]
