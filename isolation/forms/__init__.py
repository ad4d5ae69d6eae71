"""What the pages of isolation ask for, by noun: labels, hints and error messages. What is lawful is decided by the verbs."""

from isolation.forms.checks import CheckForm, OrderForm, QuickCheckForm, WatchForm, WatchNoteForm
from isolation.forms.follow import AdviceForm, ContactForm, DeputyForm, PlanForm, ReassessmentForm, ReviewForm, WishForm
from isolation.forms.law import AuthorityForm, LawDateForm, ProposalForm, StatementForm, WithdrawForm
from isolation.forms.measures import CloseForm, CourtOrderForm, DecisionForm, EndForm, ForecastForm

__all__ = [
    "AdviceForm",
    "AuthorityForm",
    "CheckForm",
    "CloseForm",
    "ContactForm",
    "CourtOrderForm",
    "DecisionForm",
    "DeputyForm",
    "EndForm",
    "ForecastForm",
    "LawDateForm",
    "OrderForm",
    "PlanForm",
    "ProposalForm",
    "QuickCheckForm",
    "ReassessmentForm",
    "ReviewForm",
    "StatementForm",
    "WatchForm",
    "WatchNoteForm",
    "WishForm",
    "WithdrawForm",
]
