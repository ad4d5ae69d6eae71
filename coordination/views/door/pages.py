"""Doors open to all: appearance, help and the accessibility statement."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from coordination.page_frame import THEMES
from coordination.views.answers import see_other
from coordination.views.door.session import safe_local

A_YEAR = 365 * 24 * 60 * 60


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Remember light, dark or as the machine in a cookie, and go back."""
    response = see_other(safe_local(request, request.POST.get("next", "")) or reverse("help"))
    theme = request.POST.get("theme")
    if theme in THEMES:
        response.set_cookie(
            "theme", theme, max_age=A_YEAR, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )
    return response


@require_safe
def show_help(request: HttpRequest) -> HttpResponse:
    """Show how Samvirke works, and the keyboard."""
    return render(request, "coordination/help.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Show the accessibility statement."""
    return render(request, "coordination/accessibility.html")
