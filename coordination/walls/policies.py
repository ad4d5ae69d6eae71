"""The policies and privileges of each wall shape, as SQL text. Pure: values in, statements out; nothing is executed here."""

from dataclasses import dataclass
from typing import Any

from coordination.worlds import (
    ADMIN_ROLE,
    BASE_SCHEMA,
    CONTENT_ROLES,
    OWNER_ROLE,
    RETENTION_ROLE,
    SWEEP_ROLE,
    Reach,
    World,
    db_role,
)


@dataclass(frozen=True)
class Policy:
    """One row-level policy: its name, command, database role, and its USING and WITH CHECK expressions."""

    name: str
    command: str
    role: str
    using: str = ""
    check: str = ""
    restrictive: bool = False

    def sql(self, table: str) -> str:
        """Return the statement that creates this policy on `table` (schema-qualified)."""
        using = f" USING ({self.using})" if self.using else ""
        check = f" WITH CHECK ({self.check})" if self.check else ""
        kind = " AS RESTRICTIVE" if self.restrictive else ""
        return f"CREATE POLICY {self.name} ON {table}{kind} FOR {self.command} TO {self.role}{using}{check}"


@dataclass(frozen=True)
class Fence:
    """Everything the database must hold for one table."""

    schema: str
    table: str
    row_security: bool
    policies: tuple[Policy, ...]
    privileges: tuple[tuple[str, str], ...]  # (role, "SELECT" or "SELECT (a, b)")
    audited: str | None  # column that names the person, "" for none, None where writes are not audited by trigger

    @property
    def qualified(self) -> str:
        """Return schema.table."""
        return f"{self.schema}.{self.table}"


OWN = "agency_id = (SELECT sec.agency())"
WHOLE = "agency_id = (SELECT sec.whole_agency())"
MINE = "group_id = ANY ((SELECT sec.groups())::int[])"


def _both(*conditions: str) -> str:
    return " AND ".join(c for c in conditions if c)


def _sees_parents(spec: dict[str, Any], skip: str = "") -> str:
    """Return the condition that every row pointed at is visible to the writer; closes the foreign-key oracle."""
    table = spec["table"]
    return _both(
        *(
            f"({table}.{column} IS NULL OR EXISTS (SELECT 1 FROM {parent} seen WHERE seen.id = {table}.{column}))"
            for column, parent in spec.get("parents", ())
            if column != skip
        )
    )


def _needs_to_know(spec: dict[str, Any], column: str) -> str:
    return f"EXISTS (SELECT 1 FROM {spec['grants']} known WHERE known.content_object_id = {spec['table']}.{column})"


def _on_my_desk(spec: dict[str, Any]) -> str:
    """Return the condition that a row is about nobody known here and lies with one of the reader's own units."""
    table = spec["table"]
    return _both(
        f"{table}.{spec['person']} IS NULL",
        f"EXISTS (SELECT 1 FROM coordination_unit desk WHERE desk.id = {table}.{spec['desk']} AND desk.{MINE})",
    )


def _narrowed(spec: dict[str, Any], *roles: str) -> list[Policy]:
    """Return what narrows the reading of letters further, whatever opens them: those named alone, and nothing beside a letter one cannot read."""
    table, policies = spec["table"], []
    if spec.get("named"):
        kinds = ", ".join(f"'{kind}'" for kind in spec["named"])
        # Asked once in a statement, and only where such a letter is met.
        named = f"({table}.kind <> ALL (ARRAY[{kinds}]::varchar[]) OR (SELECT letterbox.receives()))"
        policies += [Policy(f"named_{role.rpartition('_')[2]}", "ALL", role, named, restrictive=True) for role in roles]
    if spec.get("behind"):
        letters = dict(spec["parents"])[spec["behind"]]
        beside = f"EXISTS (SELECT 1 FROM {letters} seen WHERE seen.id = {table}.{spec['behind']})"
        read = f"((SELECT letterbox.receives()) OR {beside})"
        policies += [Policy(f"behind_{role.rpartition('_')[2]}", "ALL", role, read, restrictive=True) for role in roles]
    return policies


def _content(spec: dict[str, Any]) -> tuple[list[Policy], list[tuple[str, str]]]:
    """Return policies and privileges for tables with content, by shape."""
    world = World(spec["world"])
    agency, unit = db_role(world, Reach.AGENCY), db_role(world, Reach.UNIT)
    kind, verbs = spec["kind"], "SELECT, INSERT" if spec.get("appends") else "SELECT, INSERT, UPDATE"
    mine = f"{spec['author']} = (SELECT sec.membership())" if spec.get("author") else ""
    whole_check = _both(WHOLE, mine, _sees_parents(spec))
    if kind == "subject":
        known = _both(OWN, _needs_to_know(spec, "id"))
        # A newly registered person has no grant yet; sec.grant_new gives one in the same transaction.
        unit_policies = [
            Policy("unit_reads", "SELECT", unit, known),
            Policy("unit_adds", "INSERT", unit, check=_both(OWN, _sees_parents(spec))),
            Policy("unit_changes", "UPDATE", unit, known, _both(known, _sees_parents(spec))),
        ]
        privileges = [(agency, verbs), (unit, verbs)]
    elif kind == "personal":
        knows = _needs_to_know(spec, spec["person"])
        if mine and spec.get("nobody"):
            knows = f"({spec['table']}.{spec['person']} IS NULL OR {knows})"
        known = _both(OWN, mine, knows)
        unit_policies = [
            Policy("unit_reads", "SELECT", unit, known),
            Policy("unit_adds", "INSERT", unit, check=_both(known, _sees_parents(spec, skip=spec["person"]))),
        ]
        if not spec.get("appends"):
            unit_policies.append(
                Policy("unit_changes", "UPDATE", unit, known, _both(known, _sees_parents(spec, skip=spec["person"])))
            )
        if spec.get("desk"):
            unit_policies.append(Policy("desk_reads", "SELECT", unit, _both(OWN, _on_my_desk(spec))))
        privileges = [(agency, verbs), (unit, verbs)]
    elif kind == "grant":
        parent = spec["parents"][0][1]
        seen = f"EXISTS (SELECT 1 FROM {parent} seen WHERE seen.id = {spec['table']}.content_object_id)"
        whole_check = _both(WHOLE, seen)
        # Looked at in each statement: what is given for a time ends by itself, also in the middle of a transaction.
        lasting = "(valid_until IS NULL OR valid_until > statement_timestamp())" if spec.get("expires") else ""
        unit_policies = [Policy("unit_reads", "SELECT", unit, _both(OWN, MINE, lasting))]
        privileges = [(agency, "SELECT, INSERT, DELETE"), (unit, "SELECT")]
    elif kind == "letter":
        # A letter about a person one follows, or one that lies on one's desk and is about nobody known here yet.
        unit_policies = [
            Policy("unit_reads", "SELECT", unit, _both(OWN, _needs_to_know(spec, "person_id"))),
            Policy("desk_reads", "SELECT", unit, _both(OWN, "person_id IS NULL", f"desk_{MINE}")),
            Policy("unit_files", "UPDATE", unit, _both(OWN, f"desk_{MINE}"), _both(OWN, _sees_parents(spec))),
        ]
        unit_policies += _narrowed(spec, agency, unit)
        privileges = [(agency, "SELECT, UPDATE (person_id)"), (unit, "SELECT, UPDATE (person_id)")]
    else:  # agency
        reads = [Policy("unit_reads", "SELECT", unit, OWN)] if spec.get("unit_reads", True) else []
        unit_policies = reads
        privileges = [(agency, verbs), *([(unit, "SELECT")] if reads else [])]
    if kind == "letter":
        agency_policies = [
            Policy("agency_reads", "SELECT", agency, WHOLE),
            Policy("agency_files", "UPDATE", agency, WHOLE, whole_check),
        ]
    else:
        agency_policies = [Policy("agency_all", "ALL", agency, _both(WHOLE, mine), whole_check)]
    return [*agency_policies, *unit_policies], privileges


def _postman(spec: dict[str, Any]) -> tuple[list[Policy], list[tuple[str, str]]]:
    """Return what the postman's functions may do here: carry letters, move a person's rows to another prison, read proofs."""
    kind, role = spec["kind"], "samvirke_postman"
    verbs: dict[str, str] = {}
    if kind == "letter":
        verbs = {"SELECT": "SELECT", "INSERT": "INSERT", "UPDATE": "UPDATE"}
    elif kind == "grant":
        verbs = {"SELECT": "SELECT", "INSERT": "INSERT", "DELETE": "DELETE"}
    elif kind == "subject":
        verbs = {"SELECT": "SELECT", "UPDATE": "UPDATE (agency_id, unit_id)"}
    elif kind == "personal" and (spec.get("postman") or (spec["world"] == World.CUSTODY and spec.get("moves", True))):
        columns = dict.fromkeys(("id", "agency_id", spec["person"], *spec.get("postman", ())))
        verbs = {"SELECT": f"SELECT ({', '.join(columns)})"}
        if spec["world"] == World.CUSTODY and spec.get("moves", True):
            verbs["UPDATE"] = "UPDATE (agency_id)"
    if spec.get("postman_adds"):
        verbs["INSERT"] = "INSERT"
    policies = [
        Policy(
            f"postman_{command.lower()}s",
            command,
            role,
            "" if command == "INSERT" else "true",
            "true" if command in {"INSERT", "UPDATE"} else "",
        )
        for command in verbs
    ]
    return policies, [(role, what) for what in verbs.values()]


def _retention(spec: dict[str, Any]) -> tuple[list[Policy], list[tuple[str, str]]]:
    """Return what the functions of retention may do here: see whose a row is and when it was, never what it says, and delete it.

    Which rows fall due is decided inside those functions; nobody may step into their owner's role.
    """
    kind = spec["kind"]
    person = {"subject": "created_at", "grant": "content_object_id"}.get(kind, spec.get("person", ""))
    if not person:
        return [], []
    # What hangs on a letter goes with it: its key is read to know that, and only the letter itself is judged.
    hangs = tuple(column for column, parent in spec.get("parents", ()) if parent.endswith("letter"))
    more = {
        "subject": () if spec["world"] == World.CUSTODY else ("present",),
        "letter": hangs or ("basis", "sent_at", "verified"),
    }.get(kind, (*hangs, *spec.get("retention", ())))
    columns = dict.fromkeys(("id", "agency_id", person, *more))
    policies = [
        Policy("retention_reads", "SELECT", RETENTION_ROLE, "true"),
        Policy("retention_deletes", "DELETE", RETENTION_ROLE, "true"),
    ]
    return policies, [(RETENTION_ROLE, f"SELECT ({', '.join(columns)})"), (RETENTION_ROLE, "DELETE")]


def _between(spec: dict[str, Any]) -> tuple[list[Policy], list[tuple[str, str]]]:
    """Return policies and privileges on the ground between agencies, the same for every role that reads content.

    Whoever owns a row writes it, and names there the agencies that read it. What lies behind it is read by those who read it.
    """
    table, everybody = spec["table"], ", ".join(CONTENT_ROLES)
    acting = "(SELECT sec.agency())"
    reads, writes = f"{OWN} OR {spec.get('parties')} @> ARRAY[{acting}]", OWN
    if spec.get("behind"):
        opens = f"SELECT 1 FROM {dict(spec['parents'])[spec['behind']]} seen WHERE seen.id = {table}.{spec['behind']}"
        reads = f"{acting} IS NOT NULL AND EXISTS ({opens})"
        # Only what may join is written behind a row of somebody else's.
        writes = (
            f"{OWN} AND EXISTS ({_both(opens, '' if spec.get('joins') else f'seen.agency_id = {table}.agency_id')})"
        )
    policies = [
        Policy("parties_read", "SELECT", everybody, reads),
        Policy("owner_adds", "INSERT", everybody, check=writes),
    ]
    if not spec.get("appends"):
        policies.append(Policy("owner_changes", "UPDATE", everybody, OWN, writes))
    verbs = "SELECT, INSERT" if spec.get("appends") else "SELECT, INSERT, UPDATE"
    return policies, [(role, verbs) for role in CONTENT_ROLES]


def fence(spec: dict[str, Any]) -> Fence:
    """Return what the database must hold for a wall spelled out by `declaration.spelled_out`."""
    kind, table = spec["kind"], spec["table"]
    everybody = (*CONTENT_ROLES, ADMIN_ROLE)
    if kind == "reference":
        readers = (
            *everybody,
            "samvirke_web",
            "samvirke_auth",
            "samvirke_worker",
            SWEEP_ROLE,
            "samvirke_sec",
            "samvirke_postman",
        )
        return Fence(BASE_SCHEMA, table, False, (), tuple((r, "SELECT") for r in readers), None)
    if kind == "login":
        return Fence(BASE_SCHEMA, table, False, (), (("samvirke_auth", "SELECT, INSERT, UPDATE, DELETE"),), None)
    if kind == "system":
        return Fence(
            BASE_SCHEMA, table, False, (), ((SWEEP_ROLE, "SELECT, INSERT, UPDATE"), ("samvirke_auth", "SELECT")), None
        )
    if kind == "staff":
        admin = "agency_id = (SELECT sec.admin_agency())"
        policies = [
            *(
                Policy(f"reads_{i}", "SELECT", role, "agency_id = (SELECT sec.any_agency())")
                for i, role in enumerate(CONTENT_ROLES)
            ),
            Policy("admin_all", "ALL", ADMIN_ROLE, admin, _both(admin, _sees_parents(spec))),
            *(
                Policy(f"adds_{i}", "INSERT", role, check=_both(WHOLE, _sees_parents(spec)))
                for i, role in enumerate(CONTENT_ROLES)
                if spec.get("agency_writes") and role.endswith("_agency")
            ),
            # The deploy job makes the first administrator; the owner logs nobody in.
            Policy("owner_all", "ALL", OWNER_ROLE, "true", "true"),
            Policy("login_reads", "SELECT", "samvirke_auth", "true"),
            Policy("sec_reads", "SELECT", "samvirke_sec", "true"),
            Policy("postman_reads", "SELECT", "samvirke_postman", "true"),
            Policy("sweep_reads", "SELECT", SWEEP_ROLE, "true"),
        ]
        privileges = [
            *((role, "INSERT") for role in CONTENT_ROLES if spec.get("agency_writes") and role.endswith("_agency")),
            *(
                (role, "SELECT")
                for role in (*CONTENT_ROLES, "samvirke_auth", "samvirke_sec", "samvirke_postman", SWEEP_ROLE)
            ),
            (ADMIN_ROLE, "SELECT, INSERT, UPDATE"),
        ]
        return Fence(BASE_SCHEMA, table, True, tuple(policies), tuple(privileges), "")
    if kind == "shared":
        policies, privileges = _between(spec)
        return Fence(spec["world"], table, True, tuple(policies), tuple(privileges), "")
    policies, privileges = _content(spec)
    postman_policies, postman_privileges = _postman(spec)
    policies += postman_policies
    privileges += postman_privileges
    if spec.get("audit"):
        policies.append(Policy("audit_reads", "SELECT", "samvirke_audit", "true"))
        privileges.append(("samvirke_audit", f"SELECT ({', '.join(spec['audit'])})"))
    retention_policies, retention_privileges = _retention(spec)
    policies += retention_policies
    privileges += retention_privileges
    if spec.get("sweep"):
        policies.append(Policy("sweep_reads", "SELECT", SWEEP_ROLE, "true"))
        privileges.append((SWEEP_ROLE, f"SELECT ({', '.join(spec['sweep'])})"))
    if spec.get("sweep_writes"):
        if spec.get("appends"):
            columns = sorted({*spec["sweep"], *spec["sweep_writes"]})
            policies.append(Policy("sweep_adds", "INSERT", SWEEP_ROLE, check="true"))
            privileges.append((SWEEP_ROLE, f"INSERT ({', '.join(columns)})"))
        else:
            policies.append(Policy("sweep_writes", "UPDATE", SWEEP_ROLE, "true", "true"))
            privileges.append((SWEEP_ROLE, f"UPDATE ({', '.join(spec['sweep_writes'])})"))
    person = {"subject": "id", "grant": "content_object_id"}.get(kind, spec.get("person", ""))
    return Fence(spec["world"], table, True, tuple(policies), tuple(privileges), person)
