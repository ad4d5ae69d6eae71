"""The tables of isolation, by noun. No decisions and no sending."""

from isolation.models.cell_time import LockInSwitch, TimeOut
from isolation.models.chain import AuthorityStep, CourtOrder, ExtentChange, Proposal
from isolation.models.checks import Check, CheckCorrection, ContinuousWatch, WatchNote, WatchOrder
from isolation.models.contact import ContactCorrection, ContactSession, Mitigation, PlanDay, WeeklyPlan
from isolation.models.harm import AdviceRequest, HarmDecision, MoveAdvice
from isolation.models.informal import ActivityPlan, InformalIsolation, Motivation, SupervisionConsideration
from isolation.models.informal_reports import InformalReport
from isolation.models.law import LawSwitch
from isolation.models.measures import EndReason, Forecast, Measure, MeasureKind
from isolation.models.reviews import AdviceAnswer, HealthCheckRequest, Reassessment, ReviewDeputy, WardenReview

__all__ = [
    "ActivityPlan",
    "AdviceAnswer",
    "AdviceRequest",
    "AuthorityStep",
    "Check",
    "CheckCorrection",
    "ContactCorrection",
    "ContactSession",
    "ContinuousWatch",
    "CourtOrder",
    "EndReason",
    "ExtentChange",
    "Forecast",
    "HarmDecision",
    "HealthCheckRequest",
    "InformalIsolation",
    "InformalReport",
    "LawSwitch",
    "LockInSwitch",
    "Measure",
    "MeasureKind",
    "Mitigation",
    "Motivation",
    "MoveAdvice",
    "PlanDay",
    "Proposal",
    "Reassessment",
    "ReviewDeputy",
    "SupervisionConsideration",
    "TimeOut",
    "WardenReview",
    "WatchNote",
    "WatchOrder",
    "WeeklyPlan",
]
