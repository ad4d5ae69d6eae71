"""The engine's doors: the alerts of the acting role, and the two health pages. Decides nothing, and the health pages name nobody."""

from django.db import Error, connections
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from coordination import alerts as access
from coordination import clock, outbox, sealing, sweep
from coordination.middleware import actor_of
from coordination.page_frame import in_menu

#: Seconds without a sweep after which somebody outside must be woken.
STANDS_STILL = 180


@require_http_methods(["GET"])
@in_menu("alerts")
def alerts(request: HttpRequest) -> HttpResponse:
    """Show the newest alerts of the acting role."""
    lines = access.lines_for(actor_of(request), clock.now())
    return render(
        request,
        "coordination/alerts/list.html",
        {
            "waiting": [line for line in lines if line.open],
            "over": [line for line in lines if not line.open],
            "limit": access.LIMIT,
            "cut": len(lines) == access.LIMIT,
        },
    )


@require_http_methods(["GET", "HEAD"])
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer "ok" when this process reaches its database. The queue may be away: the timer stands in for it."""
    try:
        # Both logins: one reads pages, the other lets people in.
        for alias in ("auth", "default"):
            with connections[alias].cursor() as cursor:
                cursor.execute("SELECT 1")
    except Error:
        return HttpResponse("the database does not answer", status=503, content_type="text/plain")
    return HttpResponse("ok", content_type="text/plain")


@require_http_methods(["GET", "HEAD"])
def healthz_deadlines(request: HttpRequest) -> HttpResponse:
    """Answer 503 when no sweep has finished for three minutes. Ages in whole seconds, null for what has never run; nothing else."""
    try:
        ages = {
            name: sweep.seconds_since_heartbeat(name) for name in (sweep.HEARTBEAT, outbox.HEARTBEAT, sealing.HEARTBEAT)
        }
    except Error:
        return JsonResponse({"status": "no database"}, status=503)
    age = ages[sweep.HEARTBEAT]
    alive = age is not None and age <= STANDS_STILL
    seconds = {f"{name}_seconds": None if value is None else int(value) for name, value in ages.items()}
    return JsonResponse({"status": "ok" if alive else "stands still", **seconds}, status=200 if alive else 503)
