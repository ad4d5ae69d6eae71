"""The API of isolation, by noun. Composes addresses; holds no rule."""

from isolation.api import contact, decisions, harm, informal, law, measures, proposals, routines, watch

urlpatterns = [
    *measures.urlpatterns,
    *decisions.urlpatterns,
    *proposals.urlpatterns,
    *law.urlpatterns,
    *watch.urlpatterns,
    *contact.urlpatterns,
    *informal.urlpatterns,
    *harm.urlpatterns,
    *routines.urlpatterns,
]
