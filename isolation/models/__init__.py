"""The tables of isolation, by noun. No decisions and no sending."""

from isolation.models.chain import AuthorityStep, CourtOrder, ExtentChange, Proposal
from isolation.models.checks import Check, CheckCorrection, ContinuousWatch, WatchNote, WatchOrder
from isolation.models.contact import ContactSession, PlanDay, WeeklyPlan
from isolation.models.law import LawSwitch
from isolation.models.measures import EndReason, Forecast, Measure, MeasureKind
from isolation.models.reviews import AdviceAnswer, HealthCheckRequest, Reassessment, ReviewDeputy, WardenReview

__all__ = [
    "AdviceAnswer",
    "AuthorityStep",
    "Check",
    "CheckCorrection",
    "ContactSession",
    "ContinuousWatch",
    "CourtOrder",
    "EndReason",
    "ExtentChange",
    "Forecast",
    "HealthCheckRequest",
    "LawSwitch",
    "Measure",
    "MeasureKind",
    "PlanDay",
    "Proposal",
    "Reassessment",
    "ReviewDeputy",
    "WardenReview",
    "WatchNote",
    "WatchOrder",
    "WeeklyPlan",
]
