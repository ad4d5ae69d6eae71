"""The API of the letterbox and of consents, by noun. Composes addresses; holds no rule."""

from consent.api import consents, letters

urlpatterns = [*letters.urlpatterns, *consents.urlpatterns]
