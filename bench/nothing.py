"""An empty Django view behind the middleware of a new project: the floor under every page."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from coordination.middleware import GetResponse


def nothing(request: HttpRequest) -> HttpResponse:
    """Answer with nothing."""
    return HttpResponse()


urlpatterns = [path("nothing/", nothing)]


class Routed:
    """Sends every request here; the settings' own routes stay as they are."""

    def __init__(self, get_response: GetResponse) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer by the routes of this module."""
        request.urlconf = __name__
        return self.get_response(request)
