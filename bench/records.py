"""What the generated people have: grants, stays, deadlines, patients, letters, measures. Read from `bench.who`, one row a person."""

from bench.rows import insert
from bench.server import Plain, run
from coordination.deadlines import RULES
from coordination.models import Role
from coordination.models.deadlines import Strength
from coordination.worlds import World

#: Of people, every so many has had a measure, with so many checks; and so many of a department are isolated now in the fixed prison.
MEASURES_EVERY, CHECKS, MEASURED_NOW = 50, 10, 3
LETTERS_EACH = 2
#: What falls due: so many a minute for so many minutes from tomorrow, the rest later. The same in every country.
DUE_A_MINUTE, DUE_MINUTES = 30, 120
NAMED = {
    "family_name": "family",
    "given_name": "given",
    "family_key": "lower(family)",
    "birth_date": "date '1950-01-01' + ((h >> 2) % 20000)::int",
    "created_at": "now() - make_interval(mins => ((h >> 4) % 2000000)::int)",
    "synthetic": "true",
    "version": "1",
}
RECORDED = {
    "recorded_at": "now() - interval '1 day'",
    "by_id": "by",
    "by_name": "'Vaktleder Prøve Person'",
    "version": "1",
}
FOLLOW = (
    "(SELECT p.id FROM auth_permission p JOIN django_content_type t ON t.id = p.content_type_id "
    "WHERE p.codename = 'follow' AND t.app_label = 'coordination' AND t.model = '{}')"
)


def custody(connection: Plain) -> None:
    """People in custody with grants, stays and one open deadline each, in the order in which they came and not by prison."""
    place = "mod(k, 1000)"
    insert(
        connection,
        "coordination_person",
        {
            "id": "person",
            "agency_id": "agency",
            "unit_id": "unit",
            **NAMED,
            "number": "'B-' || k",
            "cell": f"'C-' || {place}",
        },
        "FROM bench.who",
    )
    insert(
        connection,
        "coordination_persongrant",
        {
            "agency_id": "agency",
            "group_id": "grp",
            "permission_id": FOLLOW.format("person"),
            "content_object_id": "person",
        },
        "FROM bench.who",
    )
    insert(
        connection,
        "coordination_stay",
        {
            "agency_id": "agency",
            "person_id": "person",
            "unit_id": "unit",
            **RECORDED,
            "security_level": "'high'",
            "legal_status": "CASE WHEN h % 4 = 0 THEN 'remand' ELSE 'convicted' END",
            "admitted_at": "now() - make_interval(hours => 50 + ((h >> 6) % 20000)::int)",
            "expected_release_on": "current_date + 100 + ((h >> 6) % 400)::int",
            "ended_at": "CASE WHEN NOT here THEN now() - interval '49 hours' END",
            "end_reason": "CASE WHEN here THEN '' ELSE 'released' END",
        },
        "FROM bench.who",
    )
    rule = ordinary_rule()
    due = f"""CASE WHEN fixed THEN date_trunc('hour', now()) + make_interval(mins => -60 + (h % 900)::int)
                   WHEN turn <= {DUE_A_MINUTE * DUE_MINUTES} THEN date_trunc('day', now()) + interval '1 day' + turn * interval '{60 / DUE_A_MINUTE} seconds'
                   ELSE date_trunc('day', now()) + interval '2 days' + make_interval(secs => (h % 2592000)::int) END"""
    insert(
        connection,
        "coordination_custodydeadline",
        {
            "agency_id": "agency",
            "unit_id": "unit",
            "person_id": "person",
            "rule": f"'{rule}'",
            "strength": "'skal'",
            "version": "1",
            "subject_kind": "'person'",
            "subject_id": "person",
            "starts_at": "due - interval '1 day'",
            "next_step": "0",
            # Far beyond the alert, so that a swept minute takes one step of each and not two.
            "due_at": "CASE WHEN fixed THEN due ELSE due + interval '60 days' END",
            # The fixed prison's own clocks stand still, so that its day is the same before and after the sweeps.
            "next_alert_at": "CASE WHEN NOT fixed THEN due END",
        },
        f"FROM (SELECT *, {due} AS due FROM (SELECT *, row_number() OVER (PARTITION BY fixed ORDER BY k) AS turn FROM bench.who) o) w WHERE NOT fixed OR here",  # noqa: S608
    )


def ordinary_rule() -> str:
    """Return the code of a rule that officers and their leaders have before them, with a first step to alert."""
    wanted = (Role.OFFICER, Role.DUTY_LEADER)
    found = [
        r
        for r in RULES.values()
        if r.world is World.CUSTODY and set(wanted) <= set(r.owners) and not r.quick and r.strength == Strength.MUST
        if r.steps and not any(step.from_start for step in r.steps)
    ]
    return min(found, key=lambda r: (len(r.code), r.code)).code


def patients(connection: Plain) -> None:
    """The same people as patients of the health service that serves their prison; no key in common."""
    insert(
        connection,
        "coordination_municipalpatient",
        {"id": "patient", "agency_id": "service", "unit_id": "team", **NAMED, "prison_id": "prison", "present": "here"},
        "FROM bench.who",
    )
    insert(
        connection,
        "coordination_municipalpatientgrant",
        {
            "agency_id": "service",
            "group_id": "team_grp",
            "permission_id": FOLLOW.format("municipalpatient"),
            "content_object_id": "patient",
        },
        "FROM bench.who",
    )


def letters(connection: Plain) -> None:
    """Letters of the health services, two for each patient and three of four received; fewer copies on the prisons' side."""
    common = {
        "letter_id": "letter",
        "thread_id": "letter",
        "version": "1",
        "kind": "'health_contact'",
        "sender_name": "'Prøve Person'",
        "sender_role": "'duty_leader'",
        "body": "jsonb_build_object('family_name', family, 'given_name', given, 'birth_date', '1980-05-05', 'unit', 'Avdeling', 'stage', 'stay', 'wish', true)",
        "digest": "sha256(letter::text::bytea)",
        "basis": "'LB04'",
        "statute": "'strgjfl § 4'",
        "verified": "true",
        "sent_at": "sent",
        "desk_group_id": "desk",
        "awaits": "'acknowledgement'",
        "due_at": "sent + interval '2 hours'",
        "next_step": "0",
        "read_at": "CASE WHEN NOT waits THEN sent END",
        "settled_at": "CASE WHEN NOT waits THEN sent END",
        "acknowledged_at": "CASE WHEN NOT waits THEN sent END",
        "direction": "direction",
    }
    source = """FROM (SELECT *, uuidv7() AS letter, now() - make_interval(mins => 60 + ((h >> 3) % 900000)::int + 7 * i) AS sent,
                             {kind} AS direction, h % 40 = 0 AND i = 1 AS waits FROM bench.who, generate_series(1, {many}) i {where}) w"""
    insert(
        connection,
        "consent_municipalletter",
        {
            **{k: v.replace("desk", "team_grp") if k == "desk_group_id" else v for k, v in common.items()},
            "agency_id": "service",
            "person_id": "patient",
            "other_agency_id": "prison",
        },
        source.format(
            kind="CASE WHEN (h >> 4) % 2 = 0 AND i = 2 THEN 'out' ELSE 'in' END", many=LETTERS_EACH, where=""
        ),
    )
    insert(
        connection,
        "consent_custodyletter",
        {
            **{k: v.replace("desk", "grp") if k == "desk_group_id" else v for k, v in common.items()},
            "agency_id": "agency",
            "person_id": "person",
            "other_agency_id": "service",
        },
        source.format(kind="'in'", many=1, where="WHERE here"),
    )


def measures(connection: Plain) -> None:
    """Measures that have ended, with their checks; and in the fixed prison some that go on, with the deadline of looking."""
    run(
        connection,
        f"""CREATE TABLE bench.measure AS
            SELECT uuidv7() AS measure, *, CASE WHEN running THEN date_trunc('hour', now()) - interval '20 hours' ELSE now() - interval '30 days' END AS began
              FROM (SELECT w.*, fixed AS running, row_number() OVER (PARTITION BY fixed, unit ORDER BY k) AS turn FROM bench.who w
                     WHERE CASE WHEN fixed THEN here ELSE k % {MEASURES_EVERY} = 0 END) m
             WHERE NOT fixed OR turn <= {MEASURED_NOW}""",  # noqa: S608
    )
    insert(
        connection,
        "isolation_measure",
        {
            "id": "measure",
            "agency_id": "agency",
            "person_id": "person",
            "unit_id": "unit",
            **RECORDED,
            "recorded_at": "began",
            "kind": "'exclusion'",
            "chain": "measure",
            "extent": "'full'",
            "grounds": "ARRAY['harm_or_violence']",
            "necessity": "'Vold mot andre innsatte.'",
            "less_intrusive": "'Samtale ble prøvd.'",
            "forecast_at": "began",
            "expected_hours": "48",
            "hours_out_per_day": "1",
            "force_used": "false",
            "decided_at": "began",
            "effective_at": "began",
            "notice_letter": "uuidv7()",
            "ended_at": "CASE WHEN NOT running THEN began + interval '2 days' END",
            "end_reason": "CASE WHEN running THEN '' ELSE 'grounds_gone' END",
            "ended_by_name": "CASE WHEN running THEN '' ELSE 'Prøve Person' END",
        },
        "FROM bench.measure",
    )
    insert(
        connection,
        "isolation_check",
        {
            "agency_id": "agency",
            "person_id": "person",
            "measure_id": "measure",
            **RECORDED,
            "occurred_at": "began + i * interval '1 hour'",
            "recorded_at": "began + i * interval '1 hour'",
            "state": "'calm'",
            "observer_name": "'Prøve Person'",
        },
        f"FROM bench.measure, generate_series(1, CASE WHEN running THEN 19 ELSE {CHECKS} END) i",
    )
    insert(
        connection,
        "coordination_custodydeadline",
        {
            "agency_id": "agency",
            "unit_id": "unit",
            "person_id": "person",
            "rule": "'D20'",
            "strength": "'skal'",
            "version": "1",
            "subject_kind": "'measure'",
            "subject_id": "measure",
            "starts_at": "now()",
            "due_at": "now() + interval '1 hour'",
            "next_step": "0",
        },
        "FROM bench.measure WHERE running",
    )
