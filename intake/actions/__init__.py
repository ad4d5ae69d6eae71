"""The verbs of admission, by noun. Each is one transaction."""

from intake.actions.contacts import contact_health, hours_of
from intake.actions.interviews import expect_interview, hold_interview, stay_ended
from intake.actions.mappings import answer_mapping, expect_mapping, finish_mapping, offer_mapping
from intake.actions.plans import Plan, decide_plan

__all__ = [
    "Plan",
    "answer_mapping",
    "contact_health",
    "decide_plan",
    "expect_interview",
    "expect_mapping",
    "finish_mapping",
    "hold_interview",
    "hours_of",
    "offer_mapping",
    "stay_ended",
]
