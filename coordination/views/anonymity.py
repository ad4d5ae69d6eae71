"""Door: what in a text about nobody points at somebody of the own register, told while it is typed. Keeps nothing of the text."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from coordination import clock
from coordination.middleware import actor_of
from coordination.people import anonymity
from coordination.worlds import PERSONAL_WORLDS, WITHOUT_CONTENT


def names_in_text(request: HttpRequest) -> HttpResponse:
    """Answer with a line for beside the field, empty where nobody is named. The field is the one that `felt` says; only its text is read."""
    actor = actor_of(request)
    if request.method != "POST" or actor.world not in PERSONAL_WORLDS or actor.reach in WITHOUT_CONTENT:
        raise Http404
    found = anonymity.point_out(actor, request.POST.get(request.GET.get("felt", ""), ""), clock.now())
    return render(request, "components/names_found.html", {"found": found})
