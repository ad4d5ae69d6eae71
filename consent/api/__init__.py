"""The API of the letterbox, of consents, objections and requests, by noun. Composes addresses; holds no rule."""

from consent.api import consents, insight, letters, objections, requests

urlpatterns = [
    *letters.urlpatterns,
    *consents.urlpatterns,
    *objections.urlpatterns,
    *requests.urlpatterns,
    *insight.urlpatterns,
]
