"""Doors: login and one's own login, help, administration, the numbers of a unit."""

from django.urls import path

from coordination.views import administration, administration_units, settings
from coordination.views.door import confidentiality, confirm, entry, own, pages

urlpatterns = [
    path("logg-inn/", entry.log_in, name="login"),
    path("logg-inn/kode/", entry.second_factor, name="second_factor"),
    path("logg-inn/app/", own.enrol_factor, name="enrol_factor"),
    path("arbeidssted/", entry.choose_membership, name="choose_membership"),
    path("taushetserklaering/", confidentiality.statement, name="confidentiality"),
    path("passord/", own.change_password, name="change_password"),
    path("bekreft/", confirm.confirm, name="step_up"),
    path("logg-ut/", entry.log_out, name="logout"),
    path("utseende/", pages.set_theme, name="set_theme"),
    path("hjelp/", pages.show_help, name="help"),
    path("tilgjengelighet/", pages.accessibility, name="accessibility"),
    path("administrasjon/", administration.administration, name="administration"),
    path("administrasjon/ny/", administration.add_member, name="add_member"),
    path("administrasjon/bruker/<uuid:pk>/", administration.member, name="member"),
    path("administrasjon/bruker/<uuid:pk>/endre/", administration.change_member, name="change_member"),
    path("administrasjon/bruker/<uuid:pk>/<slug:verb>/", administration.member_verb, name="member_verb"),
    path("administrasjon/enheter/", administration_units.units, name="administration_units"),
    path("administrasjon/enheter/ny/", administration_units.add_unit, name="add_unit"),
    path("administrasjon/enheter/<uuid:pk>/", administration_units.change_unit, name="change_unit"),
    path("administrasjon/enheter/<uuid:pk>/lukk/", administration_units.close_unit, name="close_unit"),
    path("innstillinger/", settings.unit_settings, name="unit_settings"),
    path("innstillinger/<uuid:unit_id>/", settings.unit_settings, name="unit_settings"),
    path("innstillinger/<uuid:unit_id>/<slug:key>/", settings.change_setting, name="change_setting"),
    path("innstillinger/<slug:key>/", settings.change_setting, name="change_setting"),
]
