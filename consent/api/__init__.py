"""The API of the letterbox, of consents, objections and requests, by noun. Composes addresses; holds no rule."""

from consent.api import consents, letters, objections, requests

urlpatterns = [*letters.urlpatterns, *consents.urlpatterns, *objections.urlpatterns, *requests.urlpatterns]
