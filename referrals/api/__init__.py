"""The API of referrals, by side. Composes addresses; holds no rule."""

from referrals.api import received, sent

urlpatterns = [*sent.urlpatterns, *received.urlpatterns]
