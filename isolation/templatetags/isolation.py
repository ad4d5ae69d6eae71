"""The quick check of "I dag": from a row of the list to what the component draws. Reads nothing."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from coordination.ids import uuid7

register = template.Library()


@register.simple_tag
def quick_check(task: Mapping[str, Any]) -> dict[str, Any]:
    """Return what components/quick_check.html needs for a row of "I dag"."""
    return {
        "label": _("Logg tilsyn"),
        "for_name": task.get("for_name") or task["name"],
        "url": reverse("check_new", args=[task["subject_id"]]) + "?back=today",
        "key": task.get("key") or uuid7(),
        "name": task["name"],
        "place": task["place"],
        "alerts": task.get("alerts", []),
        "more_url": reverse("check_other", args=[task["subject_id"]]) + "?back=today",
    }
