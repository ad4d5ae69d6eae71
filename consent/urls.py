"""The doors of this app."""

from django.urls import path

from consent import views

urlpatterns = [
    path("post/", views.inbox, name="inbox"),
    path("post/sendt/", views.outbox, name="outbox"),
    path("post/<uuid:pk>/", views.letter, name="letter"),
    path("post/<uuid:pk>/kvitter/", views.letter_acknowledge, name="letter_acknowledge"),
    path("post/<uuid:pk>/journalfor/", views.letter_file, name="letter_file"),
    path("post/<uuid:pk>/rett/", views.letter_correct, name="letter_correct"),
    path("post/<uuid:pk>/pdf/", views.letter_pdf, name="letter_pdf"),
    path("personer/<uuid:pk>/samtykker/", views.consents, name="consents"),
    path("personer/<uuid:pk>/samtykker/nytt/", views.consent_new, name="consent_new"),
    path("samtykker/<uuid:pk>/trekk/", views.consent_withdraw, name="consent_withdraw"),
]
