"""The API of the letterbox, of consents, objections and requests, by noun. Composes addresses; holds no rule."""

from consent.api import consents, export, insight, letters, objections, requests, talks

urlpatterns = [
    *letters.urlpatterns,
    *consents.urlpatterns,
    *talks.urlpatterns,
    *objections.urlpatterns,
    *requests.urlpatterns,
    *insight.urlpatterns,
    *export.urlpatterns,
]
