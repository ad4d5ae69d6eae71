"""The API of the letterbox and of consents, by noun. Composes addresses; holds no rule."""

from consent.api import consents, insight, letters

urlpatterns = [*letters.urlpatterns, *consents.urlpatterns, *insight.urlpatterns]
