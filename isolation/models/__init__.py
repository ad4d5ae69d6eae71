"""The tables of isolation, by noun. No decisions and no sending."""

from isolation.models.checks import Check, CheckCorrection, ContinuousWatch, WatchNote, WatchOrder
from isolation.models.contact import ContactSession, PlanDay, WeeklyPlan
from isolation.models.harm import AdviceRequest, HarmDecision
from isolation.models.measures import EndReason, Forecast, Measure, MeasureKind
from isolation.models.reviews import AdviceAnswer, HealthCheckRequest, Reassessment, ReviewDeputy, WardenReview

__all__ = [
    "AdviceAnswer",
    "AdviceRequest",
    "Check",
    "CheckCorrection",
    "ContactSession",
    "ContinuousWatch",
    "EndReason",
    "Forecast",
    "HarmDecision",
    "HealthCheckRequest",
    "Measure",
    "MeasureKind",
    "PlanDay",
    "Reassessment",
    "ReviewDeputy",
    "WardenReview",
    "WatchNote",
    "WatchOrder",
    "WeeklyPlan",
]
