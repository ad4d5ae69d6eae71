"""What agencies keep of working together, by noun: reports of their own, and meetings and deviations that they share. About no inmate."""

from cooperation.models.deviations import Deviation, DeviationNote
from cooperation.models.meetings import Meeting, MeetingForum, MeetingNote
from cooperation.models.reports import REPORTS, CustodyReport, MunicipalReport, Report, SpecialistReport

__all__ = [
    "REPORTS",
    "CustodyReport",
    "Deviation",
    "DeviationNote",
    "Meeting",
    "MeetingForum",
    "MeetingNote",
    "MunicipalReport",
    "Report",
    "SpecialistReport",
]
