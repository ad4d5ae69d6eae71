"""What the pages of isolation ask for, by noun: labels, hints and error messages. What is lawful is decided by the verbs."""

from isolation.forms.checks import CheckForm, OrderForm, QuickCheckForm, WatchForm, WatchNoteForm
from isolation.forms.follow import AdviceForm, ContactForm, DeputyForm, PlanForm, ReassessmentForm, ReviewForm, WishForm
from isolation.forms.measures import DecisionForm, EndForm, ForecastForm

__all__ = [
    "AdviceForm",
    "CheckForm",
    "ContactForm",
    "DecisionForm",
    "DeputyForm",
    "EndForm",
    "ForecastForm",
    "OrderForm",
    "PlanForm",
    "QuickCheckForm",
    "ReassessmentForm",
    "ReviewForm",
    "WatchForm",
    "WatchNoteForm",
    "WishForm",
]
