"""The door where somebody reads and accepts the statement of confidentiality on the way into a membership."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coordination import clock, confidentiality, login
from coordination.forms.door import ConfidentialityForm
from coordination.views.answers import see_other
from coordination.views.door import session
from coordination.views.door.session import acting, inside


@require_http_methods(["GET", "POST"])
def statement(request: HttpRequest) -> HttpResponse:
    """Show the statement of the chosen membership's world; by POST, accept it and go in."""
    at = clock.now()
    found = inside(request, at)
    if found is None:
        return session.begin_anew(request)
    door, user = found
    step = session.next_step(door, user)
    chosen = next((row for row in login.memberships_of(user, at) if str(row.pk) == door.membership), None)
    if step or chosen is None:
        actor = acting(request)
        return see_other(session.home_of(actor.role) if actor else reverse(step or "choose_membership"))
    text = confidentiality.statement_for(chosen.agency.world, at)
    form = ConfidentialityForm(request.POST or None, initial={"version": text.version})
    if request.method == "POST" and form.is_valid():
        if confidentiality.accept(chosen, version=form.cleaned_data["version"], at=at):
            return session.enter(request, door, chosen, at, accepted=f"{text.code}@{text.version}")
        # Not ticked: nobody has read these words yet.
        form = ConfidentialityForm({"version": text.version})
        form.add_error(None, _("Erklæringen er ny siden du åpnet siden. Les den på nytt."))
    context = {
        "form": form,
        "statement": text,
        "agency": chosen.agency.name,
        "role": chosen.get_role_display(),
    }
    return render(request, "coordination/door/confidentiality.html", context, status=422 if form.errors else 200)
