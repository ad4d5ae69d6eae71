"""The verbs of health follow-up, by noun. Each is one transaction, and none lets, stops or ends a measure of the prison's."""

from follow_up import access
from follow_up.actions.records import add_to, record_consultation, send_advice, take_on, team_for

__all__ = ["access", "add_to", "record_consultation", "send_advice", "take_on", "team_for"]
