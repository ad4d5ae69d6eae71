"""What goes on paper about isolation, with a decision or without one: plain values, already cut to the reader. No queries by template."""

from isolation.documents.informal import HARMS, activity_plan, leaflet, plan_days
from isolation.documents.measures import decision, protocol, region_report, warden_list, weekly_plan

__all__ = [
    "HARMS",
    "activity_plan",
    "decision",
    "leaflet",
    "plan_days",
    "protocol",
    "region_report",
    "warden_list",
    "weekly_plan",
]
