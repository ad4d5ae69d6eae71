"""The forms of health follow-up, by noun. No field lets, stops or ends a measure; health assesses and advises."""

from follow_up.forms.records import (
    CONDITIONS,
    AddendumForm,
    AdviceForm,
    ConsultationForm,
    PatientForm,
    QuickVisitForm,
    VisitForm,
    long,
)

__all__ = [
    "CONDITIONS",
    "AddendumForm",
    "AdviceForm",
    "ConsultationForm",
    "PatientForm",
    "QuickVisitForm",
    "VisitForm",
    "long",
]
