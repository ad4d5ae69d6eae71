"""Answers that are no page: the one that leads on after something was done, and paper. Must not hold pages."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect


def see_other(to: Any, *args: Any, **kwargs: Any) -> HttpResponse:
    """Return 303 to a URL, or to the name of one with its arguments: the browser follows with GET, and reloading does nothing again."""
    answer: HttpResponse = redirect(to, *args, **kwargs)
    answer.status_code = 303
    return answer


def on_paper(data: bytes, name: str) -> HttpResponse:
    """Return a PDF to show. `name` is the file's and ends in .pdf; it names nobody."""
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(data, content_type="application/pdf", headers=headers)
