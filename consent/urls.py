"""The doors of this app."""

from django.urls import path

from consent.views import consents, export, insight, letters, sharing, talks

urlpatterns = [
    path("post/", letters.inbox, name="inbox"),
    path("post/sendt/", letters.outbox, name="outbox"),
    path("post/<uuid:pk>/", letters.letter, name="letter"),
    path("post/<uuid:pk>/kvitter/", letters.letter_acknowledge, name="letter_acknowledge"),
    path("post/<uuid:pk>/journalfor/", letters.letter_file, name="letter_file"),
    path("post/<uuid:pk>/rett/", letters.letter_correct, name="letter_correct"),
    path("post/<uuid:pk>/pdf/", letters.letter_pdf, name="letter_pdf"),
    path("post/<uuid:pk>/eksport/", export.letter_export, name="letter_export"),
    path("personer/<uuid:pk>/eksport/", export.person_export, name="person_export"),
    path("personer/<uuid:pk>/innsyn/", insight.insight, name="insight"),
    path("personer/<uuid:pk>/innsyn/utelat/", insight.withhold, name="withhold"),
    path("utelatelser/<uuid:pk>/avslutt/", insight.withholding_end, name="withholding_end"),
    path("personer/filer/arbeid/<uuid:pk>/", export.made_progress, name="made_progress"),
    path("personer/filer/<uuid:pk>/", export.made_file, name="made_file"),
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
