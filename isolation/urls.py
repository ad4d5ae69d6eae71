"""The doors of this app."""

from django.urls import path

from isolation.views import checks, follow, harm, health, measures, papers

urlpatterns = [
    path("isolasjon/", measures.isolation_board, name="isolation_board"),
    path("isolasjon/gjennomgang/", follow.warden_reviews, name="warden_reviews"),
    path("isolasjon/gjennomgang/stedfortreder/", follow.review_deputy, name="review_deputy"),
    path("isolasjon/person/<uuid:pk>/vedtak/", measures.measure_new, name="measure_new"),
    path("isolasjon/person/<uuid:pk>/helsetilsyn/", health.health_check_wish, name="health_check_wish"),
    path("isolasjon/person/<uuid:pk>/rad/", harm.advice_request, name="advice_request"),
    path("isolasjon/skademelding/<uuid:pk>/", harm.harm_answer, name="harm_answer"),
    path("isolasjon/skademelding/<uuid:pk>/kvitter/", harm.harm_acknowledge, name="harm_acknowledge"),
    path("isolasjon/omgivelser/<uuid:pk>/", harm.environment_answer, name="environment_answer"),
    path("isolasjon/rad/<uuid:pk>/", health.advice_answer, name="advice_answer"),
    path("isolasjon/tilsyn/<uuid:pk>/angre/", checks.check_undo, name="check_undo"),
    path("isolasjon/<uuid:pk>/", measures.measure, name="measure"),
    path("isolasjon/<uuid:pk>/tilsyn/", checks.check_new, name="check_new"),
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
