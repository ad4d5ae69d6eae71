"""Nobody but the rule deletes: no login, no role, no parameter. And the page about it names nobody it should not."""

from datetime import timedelta

import psycopg
import pytest
from django.db import connections

from coordination import clock, reference, retention, tasks
from coordination.models import RetentionRule
from coordination.people import holds
from coordination.reference.reading import InvalidReference
from coordination.refusals import Refused
from coordination.walls.provision import LOGINS
from coordination.worlds import ADMIN_ROLE, CONTENT_ROLES, RETENTION_ROLE, SWEEP_ROLE, World
from tests.database import login_url
from tests.retention.files import about, released


@pytest.mark.parametrize("login", sorted(LOGINS))
def test_no_login_of_the_application_becomes_the_one_that_deletes(cast, login):
    with psycopg.connect(login_url(login, connections["default"].settings_dict["NAME"])) as connection:
        if login == "samvirke_migrate":
            connection.execute(f"SET ROLE {RETENTION_ROLE}")  # the deploy job writes the functions
            return
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(f"SET ROLE {RETENTION_ROLE}")


def test_the_functions_are_open_to_those_who_need_them_only(cast, admin):
    for role in (*CONTENT_ROLES, ADMIN_ROLE, SWEEP_ROLE, "samvirke_web", "samvirke_auth", "samvirke_worker"):
        may = {
            name
            for (name,) in admin.execute(
                "SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE (n.nspname = 'retention' "
                "OR p.proname IN ('deleted', 'deletions', 'retention_rules')) AND has_function_privilege(%s, p.oid, 'execute')",
                [role],
            ).fetchall()
        }
        wanted = {SWEEP_ROLE: {"run", "purge_files", "drop_drafts"}}.get(
            role, {"overview", "deletions"} if role in {*CONTENT_ROLES, ADMIN_ROLE} else set()
        )
        assert may == wanted, role


def test_the_one_that_deletes_reads_no_content(admin, cast):
    """Keys, owners and dates; never a name, a letter's body or why somebody holds a file. `letter_id` and `notice_id` say what hangs on a letter."""
    columns = admin.execute(
        "SELECT DISTINCT a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = ANY (%s) AND a.attnum > 0 AND has_column_privilege(%s, c.oid, a.attnum, 'SELECT')",
        [[*World], RETENTION_ROLE],
    ).fetchall()
    kinds = {name for (name,) in columns} - {
        "id",
        "agency_id",
        "created_at",
        "present",
        "ended_at",
        "sent_at",
        "verified",
        "basis",
        "saved_at",
    }
    assert kinds - {"until_on", "lifted_at", "content_object_id", "letter_id", "notice_id"} == {"person_id"}


def test_rules_without_a_number_and_without_a_least_are_refused(tmp_path):
    text = (reference.FIXTURES / "retention.yaml").read_text()
    (tmp_path / "retention.yaml").write_text(text.replace("least_months: 120", "least_months: null", 1))
    with pytest.raises(InvalidReference, match="RT11"):
        reference.retention_periods(tmp_path)
    assert {period.world for period in reference.retention_periods()} == {
        World.CUSTODY,
        World.MUNICIPAL_HEALTH,
        World.SPECIALIST_HEALTH,
    }


def test_every_table_has_a_kind_in_words(admin, cast):
    tables = admin.execute("SELECT tablename FROM pg_tables WHERE schemaname = ANY (%s)", [[*World]]).fetchall()
    assert all(retention.kind_of(table) for (table,) in tables)
    assert retention.kind_of("coordination_persongrant") == "Tilganger"


@pytest.mark.parametrize("who", ["warden", "prison_admin", "trust_leader", "health_admin"])
def test_the_page_tells_counts_and_an_administrator_no_name(cast, admin, who):
    released(admin, cast.people["fiolin"])
    released(admin, cast.people["trompet"], "9 years 11 months 15 days")
    with cast["warden"].acting() as actor:
        holds.place(
            actor,
            cast.people["ung"],
            reason="Klage.",
            until_on=clock.local_date(clock.now()) + timedelta(days=5),
            at=clock.now(),
        )
    page = cast[who].client().get("/oppbevaring/").content.decode()
    assert "Oppbevaring og sletting" in page
    assert ("Ung, Lys" in page) is (who == "warden")
    assert "Fiolin" not in page
    rows = {row.rule.code: row for row in _overview(cast, who)}
    if who in {"warden", "prison_admin"}:
        assert (rows["RT04"].due, rows["RT04"].soon) == (1, 1)
        assert rows["RT04"].next_on is not None
    else:
        assert all(row.months is None for row in rows.values() if row.rule.subject != "log")
        assert "Ingenting slettes før det er bestemt hvor lenge." in page


def _overview(cast, who):
    with cast[who].acting() as actor:
        return retention.overview(actor)


def test_hold_and_lift_through_the_pages(cast, admin):
    client = cast["warden"].client()
    address = f"/personer/{cast.people['fiolin']}/stans-sletting/"
    assert "Stans sletting" in client.get(f"/personer/{cast.people['fiolin']}/").content.decode()
    refused = client.post(address, {"reason": "Klage", "until_on": "01.01.2020"})
    assert refused.status_code == 422
    assert "Velg en dato fram i tid." in refused.content.decode()
    assert client.post(address, {"reason": "Klage", "until_on": "01.01.2080"}).status_code == 303
    (pk,) = admin.execute("SELECT id FROM custody.coordination_custodylegalhold").fetchone()
    assert "Klage" in client.get("/oppbevaring/").content.decode()
    assert client.post(f"/oppbevaring/stans/{pk}/", {"reason": " "}).status_code == 422
    assert client.post(f"/oppbevaring/stans/{pk}/", {"reason": "Avsluttet"}).status_code == 303
    assert "Ingen sletting er stanset" in client.get("/oppbevaring/").content.decode()


def test_years_through_the_page(cast):
    client = cast["health_leader"].client()
    assert client.post("/oppbevaring/hvor-lenge/", {"years": "9", "reason": "x"}).status_code == 422
    assert client.post("/oppbevaring/hvor-lenge/", {"years": "12", "reason": "Etter råd."}).status_code == 303
    assert "12 år" in client.get("/oppbevaring/").content.decode()
    with cast["health_leader"].acting() as actor, pytest.raises(Refused):
        retention.decide(actor, years=101, reason="x", at=clock.now())


def test_the_worker_does_it_too(cast, admin):
    released(admin, cast.people["sjiraff"])
    tasks.delete_due()
    assert about(admin, World.CUSTODY, cast.people["sjiraff"]) == {}
    assert RetentionRule.objects.using("owner").count() == len(reference.retention_periods())
