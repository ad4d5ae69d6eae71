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
    "Three fixed costs, read from the plans. Every statement proves again who acts (`sec.ctx()`: the signature of the identity, its "
    "transaction, the employment), some sixty millionths of a second the first time in a statement and fifteen each time more, once for a "
    "whole-agency reader and three times for need-to-know. "
    "PostgreSQL asks once a statement whether the identity's agency is the one that the application's own filter names (`One-Time "
    "Filter`), in a node of its own that every row then passes through: some fifty billionths of a second a row, which a count of thousands "
    "shows and a list of 26 does not. And need-to-know is looked up for each row in a hash of everybody the reader follows, where by hand it "
    "is a join: a count then reads all people of the agency, and a list has gathered the whole hash before its first row. Beside a count "
    "that takes a tenth of a thousandth that shows, most of all for a reader who sees nobody (`region`); `growth.*` shows that it does not "
    "grow with the country."
)
IDENTITY_PLAN = (
    "None that would not weaken something: the node goes if the application leaves its agency out of its own filter and trusts the wall alone, "
    "and two locks are worth more than a fifth of a thousandth of a second; an answer of `sec.ctx()` kept from one statement to the next "
    "would have to be kept where the application could not write it. The end of a grant stands in the index that finds the grant, so that "
    "what somebody follows for a time is gathered from the index alone. Tried and left: an index of the keys of an agency's people, which halves "
    "the time of counting them all on both sides, leaves the ratio where it is, and counts what no page asks for."
)
PAGE = (
    "A page asks some ten to thirty statements, and behind the walls each of them proves the identity anew; every row shown is noted "
    "and written to the audit log before the answer leaves."
)
PAGE_PLAN = (
    "Ask fewer statements a page: what a person's page says of stays and measures is read once for all who show it."
)
FLOOR = (
    "An empty view is about a tenth of a thousandth of a second, and one single statement built by the ORM, sent, planned, run and "
    "read costs ten times that; thirty empty views are two or three statements. A page asks seven to thirty-three and renders up to a "
    "hundred rows, and plain Django pays it too (`page.*`): the walls are a small part. Two thirds of a page's time is Python, most of it "
    "building statements and reading rows, and a third the database. The goal was set before there were pages, and no page with "
    "contents of its own meets it in this framework."
)
FLOOR_PLAN = (
    'The badges of the menu are counted in one statement, the long groups of "I dag" are folded and its addresses spelled without trying '
    "each anew, links, tags, facts and timeline of a person's page share what they read of one person, and the page of a measure finds what "
    "stands now among the rows its history has read (33 statements where there were 38). Next: forms that open in place "
    "rendered when they are opened. Not planned: statements prepared once a "
    "connection. It would save the planning, but then one plan serves several roles in turn, and that is where row security has failed before "
    "(CVE-2023-2455, CVE-2024-10976). A goal that says something would be stated per statement and per row."
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
        reason="In a country this small guardian's list is quick too; its cost grows with the country and ours does not. "
        "Where grants are few for each reader, both read little.",
        plan="None: the goal is set for a million people, and ours already costs no more than the filter written by hand (`walls.list.*`).",
    ),
    Goal(
        pattern="growth.*",
        limit=1.2,
        meaning="The same prison, health service and day in the largest country ÷ in the smallest",
        reason="A minute's thirty deadlines lie with some fifteen prisons of the smallest country and some twenty-eight of the largest, and "
        "each prison's log gets its own two entries. Besides, indexes are deeper and less of them fits in the server's memory: a fraction of a "
        "millisecond on a small base.",
        plan="None for the entries: a log is its agency's own. Give the server memory for the indexes; compare again with `shared_buffers` at a "
        "quarter of the machine.",
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
        reason="A sweep writes, where the count only reads. A sweep that finds nothing takes one to two thousandths of a second already "
        "(a transaction in the sweep's role, one long statement planned, two audit triggers asked); each of the thirty deadlines then costs an "
        "alert, a mail and a moved clock, with twenty index entries, four foreign keys looked up and two audit rows for each agency.",
        plan="None: it is nearly flat (`growth.sweep`) and lasts some milliseconds of every half minute, so nobody waits for it. Tried and left: without "
        "the indexes that Django adds for the agency, where another begins with the same column, it takes a twentieth less, and without those of "
        "unit and membership too about a tenth; a dozen altered foreign keys, which every new database would repeat, are not worth that.",
    ),
    Goal(
        pattern="sweep.backlog",
        limit=3,
        meaning="A backlog that came due at once, swept ÷ inserting as many alerts and nothing else",
        reason="Beside each alert the sweep moves the deadline's clock (eight indexes) and queues a mail (five), checks four foreign keys and is audited: "
        "three rows and twenty-five records of the database's own log where the other side writes one row and eight records, without foreign keys. "
        "More than half is the moved clock: a column that an index holds cannot change without a new entry in each of the others.",
        plan="None: alerts and mails have keys in the order of time, so that they fill an index from one end, and with the redundant indexes gone (see "
        "`sweep.minute`) the other side inserts faster too. A backlog comes after a stop of hours and is worked off in batches that "
        "nobody waits for.",
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
        reason="No figures are kept month by month.",
        plan="See the reason under what is not measured.",
    ),
)


def goal_of(name: str) -> Goal | None:
    """Return the goal of a figure, or None: measured for comparison only. Other sizes (`@10k`) have none."""
    # Whoever follows nobody has no groups, and guardian then has nothing to look for.
    if "@" in name or name == "guardian.list.region":
        return None
    return next((goal for goal in GOALS if fnmatchcase(name, goal.pattern)), None)
