"""A person is handed to another prison in one instant: until it, all is the sender's; from it, all is the receiver's; never some."""

from datetime import timedelta

from coordination.people import actions
from coordination.people.access import access_person
from coordination.sweep import sweep
from tests.cast import AT
from tests.story import tell


def owners(admin, person):
    """Return the agencies that own rows about a person in custody, as they are committed, by table."""
    found = {}
    tables = admin.execute(
        "SELECT table_name FROM information_schema.columns a JOIN information_schema.columns b USING (table_schema, table_name) "
        "WHERE table_schema = 'custody' AND a.column_name = 'agency_id' AND b.column_name = 'person_id' ORDER BY 1"
    )
    for (table,) in tables.fetchall():
        rows = admin.execute(
            f"SELECT DISTINCT agency_id FROM custody.{table} WHERE person_id = %s", [person]
        ).fetchall()
        if rows:
            found[table] = {row[0] for row in rows}
    row = admin.execute("SELECT agency_id FROM custody.coordination_person WHERE id = %s", [person]).fetchone()
    return found | {"coordination_person": {row[0]}}


#: What the sender keeps: letters and what belongs to them, and what is its own account of what it did.
KEPT = ("consent_custodyletter", "consent_custodyattachment", "consent_custodyhandling", "cooperation_")


def test_every_row_changes_hands_at_the_commit_and_none_before(cast, admin):
    person = tell(cast)["person"]
    north, south = cast.agencies["north"].pk, cast.agencies["south"].pk
    assert sweep(AT + timedelta(days=30)).alerts > 0
    before = owners(admin, person)
    assert len(before) > 10
    assert set().union(*before.values()) == {north}
    with cast["duty_leader"].acting() as actor:
        actions.hand_over(actor, access_person(actor, person), to_unit=cast.units["south_a"])
        assert owners(admin, person) == before, "to everybody else nothing has happened yet"
    after = owners(admin, person)
    assert set(after) == set(before)
    assert {table for table, who in after.items() if len(who) > 1} == set(), "no table is torn"
    kept = {table for table, who in after.items() if who == {north}}
    assert all(table.startswith(KEPT) for table in kept), kept
    assert after["coordination_person"] == {south}
    assert after["isolation_measure"] == {south}
    # What the postman adds to and never changes follows as the rest.
    assert after["coordination_custodyalert"] == after["consent_custodyconsentevent"] == {south}
