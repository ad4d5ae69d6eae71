"""The doors of this app."""

from django.urls import path

from isolation.views import checks, follow, health, law, measures, papers, proposals

urlpatterns = [
    path("isolasjon/", measures.isolation_board, name="isolation_board"),
    path("isolasjon/gjennomgang/", follow.warden_reviews, name="warden_reviews"),
    path("isolasjon/gjennomgang/stedfortreder/", follow.review_deputy, name="review_deputy"),
    path("isolasjon/gjennomgang/pdf/", papers.warden_list_pdf, name="warden_list_pdf"),
    path("isolasjon/lov/", law.law_date, name="law_date"),
    path("isolasjon/person/<uuid:pk>/forslag/", proposals.proposal_new, name="proposal_new"),
    path("isolasjon/forslag/<uuid:pk>/", proposals.proposal, name="proposal"),
    path("isolasjon/forslag/<uuid:pk>/lege/", proposals.proposal_ask, name="proposal_ask"),
    path("isolasjon/forslag/<uuid:pk>/trekk/", proposals.proposal_withdraw, name="proposal_withdraw"),
    path("isolasjon/person/<uuid:pk>/vedtak/", measures.measure_new, name="measure_new"),
    path("isolasjon/person/<uuid:pk>/helsetilsyn/", health.health_check_wish, name="health_check_wish"),
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
    path("isolasjon/<uuid:pk>/regler/", law.measure_rules, name="measure_rules"),
    path("isolasjon/<uuid:pk>/melding/", law.authority_step, name="authority_step"),
    path("isolasjon/<uuid:pk>/kjennelse/", law.court_order, name="court_order"),
    path("isolasjon/<uuid:pk>/lukk/", measures.measure_close, name="measure_close"),
    path("isolasjon/<uuid:pk>/vedtak/pdf/", papers.decision_pdf, name="decision_pdf"),
    path("isolasjon/<uuid:pk>/region/pdf/", papers.region_report_pdf, name="region_report_pdf"),
    path("isolasjon/<uuid:pk>/protokoll/", papers.protocol_pdf, name="protocol_pdf"),
]
