"""The doors of this app."""

from django.urls import path

from cooperation.views import deviations, meetings, reports

urlpatterns = [
    path("rapporter/", reports.report_list, name="report_list"),
    path("rapporter/ny/", reports.report_new, name="report_new"),
    path("rapporter/arbeid/<uuid:pk>/", reports.report_progress, name="report_progress"),
    path("rapporter/<uuid:pk>/", reports.report, name="report"),
    path("rapporter/<uuid:pk>/til-fengselet/", reports.report_tell, name="report_tell"),
    path("rapporter/<uuid:pk>/pdf/", reports.report_pdf, name="report_pdf"),
    path("samarbeid/avvik/", deviations.deviation_list, name="deviation_list"),
    path("samarbeid/avvik/nytt/", deviations.deviation_new, name="deviation_new"),
    path("samarbeid/avvik/<uuid:pk>/", deviations.deviation, name="deviation"),
    path("samarbeid/avvik/<uuid:pk>/lukk/", deviations.deviation_close, name="deviation_close"),
    path("samarbeid/moteplasser/", meetings.forum_list, name="forum_list"),
    path("samarbeid/moteplasser/ny/", meetings.forum_new, name="forum_new"),
    path("samarbeid/moteplasser/<uuid:pk>/", meetings.forum, name="forum"),
    path("samarbeid/moteplasser/<uuid:pk>/endre/", meetings.forum_edit, name="forum_edit"),
    path("samarbeid/moteplasser/<uuid:pk>/nytt-mote/", meetings.meeting_new, name="meeting_new"),
    path("samarbeid/moter/<uuid:pk>/", meetings.meeting, name="meeting"),
    path("samarbeid/moter/<uuid:pk>/pdf/", meetings.meeting_pdf, name="meeting_pdf"),
    path("samarbeid/moter/<uuid:pk>/<slug:verb>/", meetings.meeting_verb, name="meeting_verb"),
]
