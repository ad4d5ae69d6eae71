"""The API of admission, by noun. Composes addresses; holds no rule."""

from intake.api import contacts, interviews, mappings, plans

urlpatterns = [*contacts.urlpatterns, *interviews.urlpatterns, *mappings.urlpatterns, *plans.urlpatterns]
