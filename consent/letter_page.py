"""What apps hang on the page of a letter: links to do something about it. Holds no rule of any app and reads nothing itself.

@letter_page.letter_actions
def answer(actor, letter):
    if letter.direction == "in" and letter.kind == "health_advice" and not letter.answered_at:
        yield Link(label=_("Svar på råd"), url=reverse("advice_answer", args=[letter.pk]), primary=True)
"""

from collections.abc import Callable, Iterable

from consent.models import Letter
from coordination.identity import Actor
from coordination.person_page import Link

Actions = Callable[[Actor, Letter], Iterable[Link]]
ACTIONS: list[Actions] = []

__all__ = ["ACTIONS", "Actions", "Link", "actions_for", "letter_actions"]


def letter_actions(function: Actions) -> Actions:
    """Register a source of links: called with the actor and its own copy (`letter.direction`, `.kind`, `.person_id`, `.body`)."""
    ACTIONS.append(function)
    return function


def actions_for(actor: Actor, letter: Letter) -> list[Link]:
    """Return what may be done about a letter, the most often done first."""
    links = [link for gather in ACTIONS for link in gather(actor, letter)]
    return sorted(links, key=lambda link: not link.primary)
