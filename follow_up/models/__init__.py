"""The health services' own rows about follow-up in isolation, by noun. Holds no rule; nothing here decides a measure."""

from follow_up.models.lock_in import FrequencyPlan, LockInChange, MotivationEntry, SupervisionConsideration
from follow_up.models.records import (
    Addendum,
    Condition,
    HealthAdmissionConsultation,
    HealthVisit,
    MunicipalLetter,
    SentAdvice,
    SupervisionCourse,
)
from follow_up.models.reports import HarmReport
from follow_up.models.transfers import SpecialistCourse, SpecialistVisit, SupervisionTransfer

__all__ = [
    "Addendum",
    "Condition",
    "FrequencyPlan",
    "HarmReport",
    "HealthAdmissionConsultation",
    "HealthVisit",
    "LockInChange",
    "MotivationEntry",
    "MunicipalLetter",
    "SentAdvice",
    "SpecialistCourse",
    "SpecialistVisit",
    "SupervisionConsideration",
    "SupervisionCourse",
    "SupervisionTransfer",
]
