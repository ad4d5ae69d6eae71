"""The forms of admission: words and typed values. Rules are elsewhere; what is missing is said by the verb, beside the field."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consent.forms.consents import YES, QuestionForm
from coordination.form_renderer import MomentField
from coordination.forms.keyed import KeyedForm
from intake.actions import Plan
from intake.letters import REASONS
from intake.models import ActionPlanDecision, Area, InterpreterUse, NeedsMapping, YesNo
from intake.rules import Answer, Answers, Concern, Interpreter, RiskLevel

#: The six questions of the rules, then the one that only the prison needs, as the page asks them.
QUESTIONS = {
    "suicide_risk": _("Tyder noe på fare for selvmord?"),
    "self_harm": _("Tyder noe på fare for selvskading?"),
    "detox_need": _("Kan personen trenge avrusning?"),
    "illness_signs": _("Tyder noe på at personen er syk?"),
    "mental_health_worry": _("Er du ellers bekymret for den psykiske helsen?"),
    "wishes_health_contact": _("Ønsker personen kontakt med helsetjenesten?"),
    "substance_problem": _("Har personen et kjent rusproblem?"),
}
HINTS = {
    "suicide_risk": _(
        "Spør rett ut. Vet du ikke, eller vil personen ikke svare, velg «Vet ikke». Da varsles helsetjenesten."
    ),
    "substance_problem": _("Brukes bare i fengselet, og sendes ikke."),
}


def question(name: str) -> forms.ChoiceField:
    """Return one yes, no or unknown. Not required by the form: the rule says what is missing, all at once."""
    return forms.ChoiceField(
        label=QUESTIONS[name],
        choices=YesNo.choices,
        widget=forms.RadioSelect,
        help_text=HINTS.get(name, ""),
        error_messages={"required": _("Svar ja, nei eller vet ikke")},
    )


class ByRule:
    """A field that the verb asks for when it counts: neither optional nor required by the form."""

    def validate(self, value: Any) -> None:
        """Leave an empty value to the verb; check any other."""
        if value:
            super().validate(value)  # type: ignore[misc]


class RuleText(ByRule, forms.CharField):
    """A text asked for by rule."""


class RuleChoice(ByRule, forms.ChoiceField):
    """A choice asked for by rule."""


class SaidForm(KeyedForm):
    """A form whose verb says in words what is missing; a browser's own "required" would also stand on what is required only sometimes."""

    use_required_attribute = False


class PlanFields(forms.Form):
    """What an action plan says; shared by the interview and the page of the plan."""

    plan_reason = RuleText(
        label=_("Hvorfor, eller hvorfor ikke"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=4000,
    )
    plan_risk = RuleChoice(
        label=_("Hvor alvorlig vurderes risikoen?"),
        choices=ActionPlanDecision.Risk.choices,
        widget=forms.RadioSelect,
    )
    plan_measures = RuleText(
        label=_("Tiltak som settes i gang"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For eksempel hyppigere tilsyn, samtaler, ting som fjernes fra cella"),
        max_length=4000,
    )
    plan_review_at = MomentField(
        label=_("Når skal planen vurderes på nytt?"),
        help_text=_("Står det tomt: om 24 timer ved høy risiko, ellers om sju dager"),
        required=False,
    )
    plan_health_consulted = forms.CharField(
        label=_("Hvem i helsetjenesten er spurt, og når?"), required=False, max_length=200
    )

    def plan(self, needed: bool) -> Plan:
        """Return the decision as typed."""
        data = self.cleaned_data
        return Plan(
            needed=needed,
            reason=data.get("plan_reason") or "",
            measures=data.get("plan_measures") or "",
            risk=RiskLevel(data["plan_risk"]) if data.get("plan_risk") else None,
            review_at=data.get("plan_review_at"),
            health_consulted=data.get("plan_health_consulted") or "",
        )


class InterviewForm(PlanFields, SaidForm):
    """The admission interview on one page."""

    suicide_risk = question("suicide_risk")
    self_harm = question("self_harm")
    detox_need = question("detox_need")
    illness_signs = question("illness_signs")
    mental_health_worry = question("mental_health_worry")
    wishes_health_contact = question("wishes_health_contact")
    substance_problem = question("substance_problem")
    language = forms.CharField(
        label=_("Hvilket språk snakker personen best?"),
        max_length=60,
        error_messages={"required": _("Skriv hvilket språk personen snakker")},
    )
    interpreter = forms.ChoiceField(
        label=_("Tolk"),
        choices=InterpreterUse.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Svar på om det trengtes tolk")},
    )
    observation = RuleText(
        label=_("Hva så og hørte du?"),
        help_text=_("Skriv det du ser og hører, ikke hva du tror. Sendes til helsetjenesten ved bekymring."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
    )
    held_at = MomentField(label=_("Når ble samtalen holdt?"), help_text=_("La stå tomt hvis det er nå"), required=False)
    plan_choice = forms.ChoiceField(label=_("Trengs det en tiltaksplan?"), widget=forms.RadioSelect, required=False)

    #: What stands on the page before and after the heading of the plan.
    ASKED = ("observation", "language", "interpreter", "held_at")
    PLANNED = ("plan_reason", "plan_risk", "plan_measures", "plan_review_at", "plan_health_consulted")

    def __init__(self, *args: Any, may_say_no: bool, **kwargs: Any) -> None:
        """Offer "no" only to those who may decide that no plan is needed."""
        super().__init__(*args, **kwargs)
        choices = [("later", _("Avgjøres senere, innen 12 timer")), ("yes", _("Ja, tiltak settes i gang nå"))]
        if may_say_no:
            choices.append(("no", _("Nei")))
        plan_choice = self.fields["plan_choice"]
        assert isinstance(plan_choice, forms.ChoiceField)
        plan_choice.choices = choices
        self.initial.setdefault("plan_choice", "later")
        for name in ("observation", "plan_choice"):
            self.fields[name].widget.attrs.setdefault("autocomplete", "off")

    def answers(self) -> Answers:
        """Return the structured part as the rules read it."""
        data = self.cleaned_data
        names = [name for name in QUESTIONS if name != "substance_problem"]
        return Answers(
            **{name: Answer(data[name]) for name in names},
            description=data["observation"],
            language=data["language"],
            interpreter=Interpreter(data["interpreter"]),
        )

    def decision(self) -> Plan | None:
        """Return the decision on a plan, or None when it is put off."""
        choice = self.cleaned_data.get("plan_choice")
        return None if choice in ("", "later", None) else self.plan(choice == "yes")


class ContactForm(SaidForm):
    """Contact with the health service during the stay: why, and what was seen."""

    reasons = forms.MultipleChoiceField(
        label=_("Hvorfor skal helsetjenesten kontaktes?"),
        choices=[(reason.value, words) for reason, words in REASONS.items() if reason is not Concern.MINOR],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Velg hvorfor helsetjenesten skal kontaktes")},
    )
    observation = forms.CharField(
        label=_("Hva så og hørte du?"),
        help_text=_("Skriv bare det helsetjenesten trenger å vite. Er det bare et ønske, kan feltet stå tomt."),
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        required=False,
        max_length=4000,
    )

    def chosen(self) -> list[Concern]:
        """Return the reasons as the rules know them."""
        return [Concern(code) for code in self.cleaned_data["reasons"]]


class PlanForm(PlanFields, SaidForm):
    """Yes or no to an action plan, or a review of the one there is."""

    needed = forms.ChoiceField(
        label=_("Trengs det en tiltaksplan?"),
        widget=forms.RadioSelect,
        choices=[("yes", _("Ja")), ("no", _("Nei"))],
        error_messages={"required": _("Svar ja eller nei")},
    )
    field_order = (
        "key",
        "needed",
        "plan_reason",
        "plan_risk",
        "plan_measures",
        "plan_review_at",
        "plan_health_consulted",
    )

    def __init__(self, *args: Any, may_say_no: bool, **kwargs: Any) -> None:
        """Offer "no" only to those who may decide that no plan is needed."""
        super().__init__(*args, **kwargs)
        if not may_say_no:
            needed = self.fields["needed"]
            assert isinstance(needed, forms.ChoiceField)
            needed.choices = [("yes", _("Ja"))]

    def decision(self) -> Plan:
        """Return the decision as typed."""
        return self.plan(self.cleaned_data["needed"] == "yes")


class MappingAnswerForm(forms.Form):
    """What somebody answered to the offer of a mapping."""

    answer = forms.ChoiceField(
        label=_("Hva svarte personen?"),
        choices=[(state.value, state.label) for state in (NeedsMapping.State.ACCEPTED, NeedsMapping.State.DECLINED)],
        help_text=_("Kartleggingen er frivillig. Ingen trenger å si hvorfor de takker nei."),
        widget=forms.RadioSelect,
        error_messages={"required": _("Velg hva personen svarte")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class MappingOfferForm(SaidForm):
    """That a mapping was offered, and the answer where there is one."""

    answer = forms.ChoiceField(
        label=_("Hva svarte personen?"),
        choices=[*MappingAnswerForm.base_fields["answer"].choices, ("later", _("Vil tenke på det"))],  # type: ignore[attr-defined]
        help_text=MappingAnswerForm.base_fields["answer"].help_text,
        widget=forms.RadioSelect,
        error_messages={"required": _("Velg hva personen svarte")},
    )

    def answered(self) -> str:
        """Return the answer as the verb takes it: "" while the person thinks."""
        answer: str = self.cleaned_data["answer"]
        return "" if answer == "later" else answer


class MappingForm(QuestionForm):
    """What the mapping showed, as codes, and whether consent is needed where that is not answered yet."""

    needs = forms.MultipleChoiceField(
        label=_("Hva trenger personen hjelp til?"),
        choices=Area.choices,
        help_text=_("Bare områder. Skriv ikke helseopplysninger."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Velg minst ett behov")},
    )
    resources = forms.MultipleChoiceField(
        label=_("Hva har personen å bygge på?"),
        choices=Area.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    field_order = ("needs", "resources", "needed", "reason")

    def __init__(self, *args: Any, asked: bool, **kwargs: Any) -> None:
        """Leave out the question about consent where it has been answered."""
        super().__init__(*args, **kwargs)
        if not asked:
            del self.fields["needed"], self.fields["reason"]
        else:
            self.fields["reason"].help_text = _(
                "Viser kartleggingen behov for helsetjenester, skal dere be om samtykke til å dele den."
            )

    def facts(self) -> dict[str, Any]:
        """Return what the verb takes."""
        data = self.cleaned_data
        needed = data.get("needed")
        return {
            "needs": data["needs"],
            "resources": data["resources"],
            "consent_needed": None if needed is None else needed == YES,
            "consent_reason": data.get("reason", ""),
            "version": data["version"],
        }
