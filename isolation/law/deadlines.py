"""The statutory limits as deadline rules: who is told, and when. Made from the rows in `isolation.rules.law`; no number is here."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from coordination.deadlines import Rule, Step
from coordination.models import Alert, Role
from coordination.models.deadlines import Strength
from coordination.worlds import World
from isolation.law.words import TASKS
from isolation.letters import DECIDERS
from isolation.rules.kinds import Kind
from isolation.rules.law import ALL_LIMITS
from isolation.rules.limits import Act, Limit

_NOW = timedelta()
UNDECIDED = frozenset({Kind.SELF_ISOLATION})
LEADERS = (Role.DUTY_LEADER, Role.WARDEN)
DOING = {
    Act.TELL: "authority_step",
    Act.REPORT: "authority_step",
    Act.DECIDE: "authority_step",
    Act.RENEW: "reassessment_new",
    Act.MAXIMUM: "measure_rules",
    Act.ORDER_ENDS: "court_order",
    Act.PLAN: "weekly_plan",
}


def rule_of(limit: Limit, labels: Mapping[Act, Any]) -> Rule:
    """Return the deadline rule of a limit. All of them are statute, so all of them bind."""
    steps = [
        Step(after=_NOW, audience=LEADERS, severity=Alert.Severity.OVERDUE),
    ]
    if limit.after or limit.act is Act.ORDER_ENDS:
        steps.insert(0, Step(after=-limit.warn, audience=LEADERS, severity=Alert.Severity.WARNING))
    else:
        steps.insert(0, Step(after=_NOW, audience=LEADERS, severity=Alert.Severity.INFO, from_start=True))
    return Rule(
        code=limit.code,
        world=World.CUSTODY,
        title=TASKS[limit.code],
        strength=Strength.MUST,
        owners=DECIDERS,
        steps=tuple(steps),
        doing="informal_report" if limit.kinds & UNDECIDED else DOING[limit.act],
        doing_label=labels[limit.act],
        obligations=(),
    )


#: Limits that become deadlines of a measure. What is for every date has a clock of its own: N10 with the contact of the day, N11 with
#: the health service's visits (D29, D30).
TIMED = {
    code: limit for code, limit in ALL_LIMITS.items() if limit.act is not Act.DAILY and not limit.kinds & UNDECIDED
}
#: Those of somebody who stays away from others without a decision (N05).
REGISTERED = {code: limit for code, limit in ALL_LIMITS.items() if limit.kinds & UNDECIDED}
