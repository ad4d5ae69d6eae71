"""The doors of this app."""

from django.urls import path

from isolation.views import care, checks, follow, health, informal, measures, papers
from isolation.views import round as rounds

urlpatterns = [
    path("isolasjon/", measures.isolation_board, name="isolation_board"),
    path("isolasjon/gjennomgang/", follow.warden_reviews, name="warden_reviews"),
    path("isolasjon/gjennomgang/stedfortreder/", follow.review_deputy, name="review_deputy"),
    path("isolasjon/person/<uuid:pk>/vedtak/", measures.measure_new, name="measure_new"),
    path("isolasjon/person/<uuid:pk>/helsetilsyn/", health.health_check_wish, name="health_check_wish"),
    path("isolasjon/rad/<uuid:pk>/", health.advice_answer, name="advice_answer"),
    path("isolasjon/tilsyn/<uuid:pk>/angre/", checks.check_undo, name="check_undo"),
    path("isolasjon/runde/", rounds.ward_round, name="ward_round"),
    path("isolasjon/tid-ute/", care.time_out_unit, name="time_out_unit"),
    path("isolasjon/person/<uuid:pk>/tid-ute/", care.time_out, name="time_out"),
    path("isolasjon/kontakt/<uuid:pk>/stryk/", care.contact_strike, name="contact_strike"),
    path("isolasjon/uten-vedtak/", informal.informal_list, name="informal_list"),
    path("isolasjon/person/<uuid:pk>/uten-vedtak/", informal.informal_new, name="informal_new"),
    path("isolasjon/uten-vedtak/<uuid:pk>/", informal.informal, name="informal"),
    path("isolasjon/uten-vedtak/<uuid:pk>/vurdering/", informal.informal_consider, name="informal_consider"),
    path("isolasjon/uten-vedtak/<uuid:pk>/samtale/", informal.informal_talk, name="informal_talk"),
    path("isolasjon/uten-vedtak/<uuid:pk>/plan/", informal.informal_plan, name="informal_plan"),
    path("isolasjon/uten-vedtak/<uuid:pk>/slutt/", informal.informal_end, name="informal_end"),
    path("isolasjon/<uuid:pk>/intervall/", care.interval_order, name="interval_order"),
    path("isolasjon/<uuid:pk>/intervall/opphev/", care.interval_lift, name="interval_lift"),
    path("isolasjon/<uuid:pk>/mot-skade/", care.mitigation_new, name="mitigation_new"),
    path("isolasjon/<uuid:pk>/", measures.measure, name="measure"),
    path("isolasjon/<uuid:pk>/tilsyn/", checks.check_new, name="check_new"),
    path("isolasjon/<uuid:pk>/tilsyn/uten-nett/", rounds.check_late, name="check_late"),
    path("isolasjon/<uuid:pk>/tilsyn/bekymring/", checks.check_worry, name="check_worry"),
    path("isolasjon/<uuid:pk>/tilsyn/annet/", checks.check_other, name="check_other"),
    path("isolasjon/<uuid:pk>/observasjon/", checks.watch_take, name="watch_take"),
    path("isolasjon/<uuid:pk>/observasjon/slutt/", checks.watch_leave, name="watch_leave"),
    path("isolasjon/<uuid:pk>/observasjon/merknad/", checks.watch_note, name="watch_note"),
    path("isolasjon/<uuid:pk>/observasjon/beslutning/", checks.watch_order, name="watch_order"),
    path("isolasjon/<uuid:pk>/observasjon/opphev/", checks.watch_lift, name="watch_lift"),
    path("isolasjon/<uuid:pk>/kontakt/", follow.contact_new, name="contact_new"),
    path("isolasjon/<uuid:pk>/ukeplan/", follow.weekly_plan, name="weekly_plan"),
    path("isolasjon/<uuid:pk>/ukeplan/pdf/", papers.plan_pdf, name="plan_pdf"),
    path("isolasjon/<uuid:pk>/vurdering/", follow.reassessment_new, name="reassessment_new"),
    path("isolasjon/<uuid:pk>/varighet/", measures.measure_forecast, name="measure_forecast"),
    path("isolasjon/<uuid:pk>/gjennomgang/", follow.warden_review, name="warden_review"),
    path("isolasjon/<uuid:pk>/avslutt/", measures.measure_end, name="measure_end"),
    path("isolasjon/<uuid:pk>/protokoll/", papers.protocol_pdf, name="protocol_pdf"),
]
