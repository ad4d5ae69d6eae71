"""What other apps want to know about a stay, as it happens. Holds the registry only, no rule of any app.

The ground cannot import apps; an app registers in a module that is autodiscovered (`frame.py`, `deadlines.py`). Every hook is called
inside the transaction of the verb, after its rows are written, so whatever a hook writes is saved or rolled back together with them.
A hook takes what its protocol below says and returns nothing; raising `Refused` undoes the whole verb.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import TypeVar

from coordination.identity import Actor
from coordination.models import Person, Stay, UnitTransfer

#: actor, person, the new stay, and the instant of registering (not of admission: that is `stay.admitted_at`).
Admitted = Callable[[Actor, Person, Stay, datetime], None]
#: actor, person, stay, the old and the new expected release date (None: not known), and the instant of the change.
ExpectedReleaseChanged = Callable[[Actor, Person, Stay, date | None, date | None, datetime], None]
#: actor, person, stay, the old legal status (the new one is the stay's), and the instant of the change.
LegalStatusChanged = Callable[[Actor, Person, Stay, str, datetime], None]
#: actor, person, the ended stay (`ended_at` and `end_reason` are set), and the instant of registering.
StayEnded = Callable[[Actor, Person, Stay, datetime], None]
#: actor, person, the stay that went along (None: none was open), and the instant. Called while the sender still owns the rows, just
#: before the postman moves them: a hook may still close, cancel or write, and what it writes about the person goes along.
HandedOver = Callable[[Actor, Person, Stay | None, datetime], None]

#: actor, person (already in the new unit), the move, and the instant.
Moved = Callable[[Actor, Person, UnitTransfer, datetime], None]
#: actor, person and the instant → lines, in words, for whoever is about to move or hand over somebody. Writes nothing.
BeforeMove = Callable[[Actor, Person, datetime], Iterable[str]]

H = TypeVar("H")

ADMITTED: list[Admitted] = []
EXPECTED_RELEASE_CHANGED: list[ExpectedReleaseChanged] = []
LEGAL_STATUS_CHANGED: list[LegalStatusChanged] = []
STAY_ENDED: list[StayEnded] = []
HANDED_OVER: list[HandedOver] = []
MOVED: list[Moved] = []
BEFORE_MOVE: list[BeforeMove] = []


def on_admitted(function: Admitted) -> Admitted:
    """Register a hook called when a stay has been opened (a first release date given there does not call the next hook)."""
    return _add(ADMITTED, function)


def on_expected_release_changed(function: ExpectedReleaseChanged) -> ExpectedReleaseChanged:
    """Register a hook called when the expected release date of an open stay was set, moved or taken away."""
    return _add(EXPECTED_RELEASE_CHANGED, function)


def on_legal_status_changed(function: LegalStatusChanged) -> LegalStatusChanged:
    """Register a hook called when the ground of an open stay was changed, as when somebody on remand is convicted."""
    return _add(LEGAL_STATUS_CHANGED, function)


def on_stay_ended(function: StayEnded) -> StayEnded:
    """Register a hook called when a stay has ended: whatever the reason (`stay.end_reason`)."""
    return _add(STAY_ENDED, function)


def on_handed_over(function: HandedOver) -> HandedOver:
    """Register a hook called when a person is handed over to another prison, just before the rows change owner."""
    return _add(HANDED_OVER, function)


def on_moved(function: Moved) -> Moved:
    """Register a hook called when a person was moved to another unit of the prison."""
    return _add(MOVED, function)


def before_move(function: BeforeMove) -> BeforeMove:
    """Register what is to be read before somebody is moved or handed over."""
    return _add(BEFORE_MOVE, function)


def _add(registry: list[H], function: H) -> H:
    """Add once, so that a module imported again does not run twice."""
    if function not in registry:
        registry.append(function)
    return function


def admitted(actor: Actor, person: Person, stay: Stay, at: datetime) -> None:
    """Tell everyone that a stay was opened."""
    for hook in ADMITTED:
        hook(actor, person, stay, at)


def expected_release_changed(
    actor: Actor, person: Person, stay: Stay, old: date | None, new: date | None, at: datetime
) -> None:
    """Tell everyone that the expected release date changed."""
    for hook in EXPECTED_RELEASE_CHANGED:
        hook(actor, person, stay, old, new, at)


def legal_status_changed(actor: Actor, person: Person, stay: Stay, old: str, at: datetime) -> None:
    """Tell everyone that the ground of a stay changed."""
    for hook in LEGAL_STATUS_CHANGED:
        hook(actor, person, stay, old, at)


def stay_ended(actor: Actor, person: Person, stay: Stay, at: datetime) -> None:
    """Tell everyone that a stay ended."""
    for hook in STAY_ENDED:
        hook(actor, person, stay, at)


def handed_over(actor: Actor, person: Person, stay: Stay | None, at: datetime) -> None:
    """Tell everyone that the person is about to change owner."""
    for hook in HANDED_OVER:
        hook(actor, person, stay, at)


def moved(actor: Actor, person: Person, transfer: UnitTransfer, at: datetime) -> None:
    """Tell everyone that the person was moved within the prison."""
    for hook in MOVED:
        hook(actor, person, transfer, at)


def told_before_move(actor: Actor, person: Person, at: datetime) -> list[str]:
    """Return what is to be read before somebody is moved."""
    return [line for hook in BEFORE_MOVE for line in hook(actor, person, at)]
