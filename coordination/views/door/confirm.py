"""Door: the password once more, on the way to a link that gives content out. Holds no rule."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from coordination import clock, step_up
from coordination.middleware import actor_of
from coordination.views.door import session


@sensitive_post_parameters(f"{step_up.PREFIX}-password", f"{step_up.PREFIX}-code")
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Ask for the password, then go on to where somebody was going."""
    actor, here = actor_of(request), reverse("step_up")
    to = session.safe_page(request, (request.POST if request.method == "POST" else request.GET).get("next", ""))
    carried = [("next", to)] if to else []
    if request.method == "GET":
        return step_up.page(request, step_up.NotConfirmed(), action=here, carried=carried, status=200)
    try:
        step_up.confirm(request, clock.now())
    except step_up.NotConfirmed as asked:
        return step_up.page(request, asked, action=here, carried=carried)
    return session.see_other(to or session.home_of(actor.role))
