"""What the demo's loader does to a database, short of telling the whole story."""

from collections.abc import Iterator
from contextlib import contextmanager

from demo.moving_time import forget_everything, letter_instants, redate
from tests.cast import AT, Cast
from tests.story import tell


@contextmanager
def past_the_guards(admin) -> Iterator[None]:
    """As the loader does it: nothing else may empty or redate what is kept."""
    with admin.transaction():
        admin.execute("SET LOCAL session_replication_role = replica")
        yield


def test_a_broken_off_story_is_forgotten_whole_and_the_log_and_the_staff_are_kept(cast: Cast, admin) -> None:
    tell(cast)

    def count(table: str) -> int:
        return admin.execute(f"SELECT count(*) FROM {table}").fetchone()[0]

    before = {
        table: count(table) for table in ("audit.entry", "base.coordination_membership", "base.coordination_unit")
    }
    personal = (
        "custody.isolation_measure",
        "municipal_health.follow_up_healthvisit",
        "specialist_health.referrals_specialistreferral",
    )
    assert all(count(table) for table in personal)
    with past_the_guards(admin):
        forget_everything(admin)
    assert not any(
        count(table) for table in (*personal, "custody.coordination_person", "custody.consent_custodyletter")
    )
    assert {table: count(table) for table in before} == before


def test_letters_are_dated_to_when_the_story_happens_and_older_ones_keep_their_dates(cast: Cast, admin) -> None:
    tell(cast)
    table = "custody.consent_custodyletter"

    def sent() -> list:
        return admin.execute(f"SELECT sent_at FROM {table} ORDER BY sent_at").fetchall()

    before = sent()
    newest = before[-1][0]
    with past_the_guards(admin):
        redate(admin, letter_instants(admin), newest, AT)
    after = sent()
    assert len(before) > 2
    assert sum(abs((at - AT).total_seconds()) < 120 for (at,) in after) == 1
    assert len(set(before) & set(after)) == len(before) - 1
