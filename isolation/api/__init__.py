"""The API of isolation, by noun. Composes addresses; holds no rule."""

from isolation.api import decisions, measures

urlpatterns = [*measures.urlpatterns, *decisions.urlpatterns]
