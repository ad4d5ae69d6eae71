"""The API of supervision by health personnel, by noun. Composes addresses; holds no rule."""

from follow_up.api import lock_in, records, reports, supervision, transfers

urlpatterns = [
    *supervision.urlpatterns,
    *records.urlpatterns,
    *lock_in.urlpatterns,
    *reports.urlpatterns,
    *transfers.urlpatterns,
]
