"""Doors: people."""

from django.urls import path

from coordination.views import anonymity, attention, patients, people, people_verbs, roster, today

urlpatterns = [
    path("", today.today, name="today"),
    path("navn-i-tekst/", anonymity.names_in_text, name="names_in_text"),
    path("personer/", people.people, name="people"),
    path("personer/sok/", people.search, name="search"),
    path("personer/ny/", people_verbs.register_person, name="register_person"),
    path("personer/liste/", roster.roster, name="roster"),
    path("personer/liste/<uuid:pk>/", roster.roster_preview, name="roster_preview"),
    path("personer/liste/<uuid:pk>/bekreft/", roster.roster_confirm, name="roster_confirm"),
    path("personer/liste/<uuid:pk>/forkast/", roster.roster_discard, name="roster_discard"),
    path("personer/oppmerksomhet/", attention.attention_list, name="attention_list"),
    path("personer/oppmerksomhet/<uuid:pk>/", attention.attention_flag, name="attention"),
    path("personer/oppmerksomhet/<uuid:pk>/behold/", attention.attention_keep, name="attention_keep"),
    path("personer/oppmerksomhet/<uuid:pk>/opphev/", attention.attention_lift, name="attention_lift"),
    path("personer/<uuid:pk>/oppmerksomhet/", attention.attention_raise, name="attention_raise"),
    path("personer/<uuid:pk>/", people.person, name="person"),
    path("personer/<uuid:pk>/endre/", people_verbs.edit_person, name="edit_person"),
    path("personer/<uuid:pk>/pasient/", patients.edit_patient, name="edit_patient"),
    path("personer/<uuid:pk>/opphold/", people_verbs.edit_stay, name="edit_stay"),
    path("personer/<uuid:pk>/ny-innsettelse/", people_verbs.admit_person, name="admit_person"),
    path("personer/<uuid:pk>/loslatelsesdato/", people_verbs.expected_release, name="expected_release"),
    path("personer/<uuid:pk>/avslutt/", people_verbs.end_stay, name="end_stay"),
    path("personer/<uuid:pk>/flytt/", people_verbs.move_person, name="move_person"),
    path("personer/<uuid:pk>/overfor/", people_verbs.hand_over, name="hand_over"),
]
