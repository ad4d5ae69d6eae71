"""The verbs of admission, by noun. Each is one transaction."""

from intake.actions.contacts import contact_health, health_service_of, hours_of
from intake.actions.interviews import expect_interview, hold_interview, stay_ended
from intake.actions.plans import Plan, decide_plan

__all__ = [
    "Plan",
    "contact_health",
    "decide_plan",
    "expect_interview",
    "health_service_of",
    "hold_interview",
    "hours_of",
    "stay_ended",
]
