"""What the doors of both sides share. Decides nothing."""

from typing import Any

from django.urls import reverse

from consent.models import Letter


def exchange(letters: list[Letter]) -> list[dict[str, Any]]:
    """Return an exchange of letters as a page lists it, the newest first."""
    ordered = sorted(letters, key=lambda letter: letter.sent_at, reverse=True)
    return [{"letter": letter, "url": reverse("letter", args=[letter.pk])} for letter in ordered]
