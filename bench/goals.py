"""The goals, by the names of the figures, with what each figure means and, for those missed, why and what will be done. Measures nothing."""

from dataclasses import dataclass
from fnmatch import fnmatchcase


@dataclass(frozen=True, kw_only=True)
class Goal:
    """One goal. `pattern` matches names of figures; `limit` is what they may be at most, or with `at_least` at the least."""

    pattern: str
    limit: float
    meaning: str
    at_least: bool = False
    reason: str = ""
    plan: str = ""

    def met(self, value: float) -> bool:
        """Return whether a number keeps the goal."""
        return value >= self.limit if self.at_least else value <= self.limit

    @property
    def sign(self) -> str:
        """Return the goal as the report writes it."""
        return f"{'≥' if self.at_least else '≤'} {self.limit:g}"


IDENTITY = (
    "The cost is fixed, not a share: every statement proves again who acts (`sec.ctx()`: the shape of the identity by a regular "
    "expression, its signature, the employment), once for a whole-agency reader and three times for need-to-know. Beside a query of "
    "a third of a millisecond that shows; `growth.*` shows that it does not grow with the country."
)
IDENTITY_PLAN = (
    "Check the signature before the shape (the regular expression is half of the cost and a valid signature makes it needless), and write "
    "`sec.agency()`, `sec.whole_agency()` and `sec.groups()` in plpgsql, whose plans are kept; as SQL functions with a search path of "
    "their own they are planned anew at each call."
)
PAGE = (
    "A page asks some ten to twenty-five statements, and behind the walls each of them proves the identity anew; every row shown is noted "
    "and written to the audit log before the answer leaves."
)
PAGE_PLAN = "Make the proof cheaper (see `walls.*`), then ask fewer statements a page: the menu's badges alone are three on every page."
FLOOR = (
    "The page itself is what costs, and plain Django pays it too (`page.*`): ten to twenty-five statements that the ORM builds anew for every "
    "request, about as dear as running them, and templates of a hundred rows and more. The walls are a small part."
)
FLOOR_PLAN = (
    "Fewer statements a page: one count for the menu's badges in place of three, the timeline's sources in one read each, the frame's "
    "facts about units once a session. Then the rows: a form that opens in place is rendered when it is opened."
)

GOALS = (
    Goal(
        pattern="walls.*",
        limit=1.25,
        meaning="A list of 26, a count, a search by the beginning of a name, an inbox: through the walls ÷ the same SQL with the filter written by hand",
        reason=IDENTITY,
        plan=IDENTITY_PLAN,
    ),
    Goal(
        pattern="guardian.list.*",
        limit=20,
        at_least=True,
        meaning="The same list by django-guardian's `get_objects_for_user`, without walls ÷ ours through the walls",
        reason="In a country this small guardian's list is quick too; its cost grows with the country and ours does not.",
        plan="None: the goal is set for a million people.",
    ),
    Goal(
        pattern="growth.*",
        limit=1.2,
        meaning="The same prison, health service and day in the largest country ÷ in the smallest",
        reason="Indexes are deeper and less of them fits in the server's memory: a fraction of a millisecond on a small base.",
        plan="Give the server memory for the indexes; compare again with `shared_buffers` at a quarter of the machine.",
    ),
    Goal(
        pattern="page.*",
        limit=1.5,
        meaning="A whole request with walls and audit ÷ the same page as plain Django with the filter written by hand",
        reason=PAGE,
        plan=PAGE_PLAN,
    ),
    Goal(pattern="check.log*", limit=1.5, meaning="Logging a check (POST), likewise", reason=PAGE, plan=PAGE_PLAN),
    Goal(
        pattern="floor.*",
        limit=30,
        meaning="A whole request ÷ an empty Django view behind the middleware of a new project",
        reason=FLOOR,
        plan=FLOOR_PLAN,
    ),
    Goal(
        pattern="audit.cost",
        limit=0.8,
        at_least=True,
        meaning="Requests a second with every reading written down ÷ without, eight clients",
        reason="A request that only read had nothing to commit; with the log each one waits for the disk.",
        plan="One row for all keys of a table is already one insert a request; next is `commit_delay` for requests that wrote nothing else.",
    ),
    Goal(
        pattern="sweep.minute",
        limit=10,
        meaning="One more minute of deadlines swept, alerts and mails queued ÷ counting those that are due by the index",
        reason="A sweep writes: a transaction, an alert, an audit row and a moved clock for each deadline due, where the count only reads.",
        plan="None needed while it is flat (`growth.sweep`) and lasts milliseconds of every half minute.",
    ),
    Goal(
        pattern="sweep.backlog",
        limit=3,
        meaning="A backlog that came due at once, swept ÷ inserting as many alerts and nothing else",
        reason="Beside each alert the sweep moves the deadline's clock (with its indexes), queues mails, checks foreign keys and is audited.",
        plan="A backlog comes after a stop of hours and is worked off in batches that nobody waits for; larger batches would make officers wait.",
    ),
    Goal(pattern="pdf.growth", limit=1.3, meaning="Time a page of a PDF ten times as long ÷ of the short one"),
    Goal(
        pattern="pdf.memory",
        limit=2,
        meaning="Peak memory of the long PDF ÷ of the short one",
        reason="WeasyPrint keeps the whole document in memory, about a megabyte a page.",
        plan="Render chapters apart and join them once a protocol passes some fifty pages; the worker's memory is limited meanwhile.",
    ),
    Goal(
        pattern="report.national",
        limit=0.05,
        meaning="The year's figures of the country, kept month by month ÷ from scratch",
    ),
)


def goal_of(name: str) -> Goal | None:
    """Return the goal of a figure, or None: measured for comparison only. Other sizes (`@10k`) have none."""
    # Whoever follows nobody has no groups, and guardian then has nothing to look for.
    if "@" in name or name == "guardian.list.region":
        return None
    return next((goal for goal in GOALS if fnmatchcase(name, goal.pattern)), None)
