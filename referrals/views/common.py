"""What the doors of both sides share. Decides nothing."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from consent.models import Letter
from coordination.paging import Part

#: What an address of a list says: which rows, in what order, and which part of each list of the page.
KEPT = ("vis", "til", "rekke", "side", "brev", "sak", "avgjort")


def exchange(letters: list[Letter]) -> list[dict[str, Any]]:
    """Return an exchange of letters as a page lists it, the newest first."""
    ordered = sorted(letters, key=lambda letter: letter.sent_at, reverse=True)
    return [{"letter": letter, "url": reverse("letter", args=[letter.pk])} for letter in ordered]


def turns(request: HttpRequest, part: Part, name: str) -> dict[str, str]:
    """Return the addresses of the neighbouring parts of one list; the other lists of the page stay where they are."""
    kept = {key: value for key, value in request.GET.items() if key in KEPT}
    return {
        side: f"?{urlencode({**kept, name: turn})}"
        for side, turn in (("previous_url", part.before), ("next_url", part.after))
        if turn
    }
