"""The API of the letterbox, of consents, objections and requests, by noun. Composes addresses; holds no rule."""

from consent.api import consents, export, handling, insight, letters, objections, requests, sharing, talks

urlpatterns = [
    *letters.urlpatterns,
    *handling.urlpatterns,
    *sharing.urlpatterns,
    *consents.urlpatterns,
    *talks.urlpatterns,
    *objections.urlpatterns,
    *requests.urlpatterns,
    *insight.urlpatterns,
    *export.urlpatterns,
]
