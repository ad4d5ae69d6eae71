-- The postman on the ground floor: opening a new person for one's own unit, and handing a person over to another prison.
-- Owned by samvirke_postman. `consent` adds delivering and receipts. Short on purpose: this is the one hole in the wall.

-- Whoever registers a person gives the unit its grant here, in the transaction that made the row and while nobody follows the person:
-- later, somebody whom nobody follows any more (a stay that ended) is not there for the taking. Need-to-know members: own units only.
CREATE FUNCTION letterbox.follow_new(person uuid, unit uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = base, custody, municipal_health, specialist_health, pg_catalog, pg_temp AS $$
DECLARE subject text; grants text; g int; fresh boolean; made bigint; mine bigint := pg_current_xact_id()::text::bigint;
BEGIN
    SELECT w.subject, w.grants INTO subject, grants FROM (VALUES
        ('custody', 'coordination_person', 'coordination_persongrant'),
        ('municipal_health', 'coordination_municipalpatient', 'coordination_municipalpatientgrant'),
        ('specialist_health', 'coordination_specialistpatient', 'coordination_specialistpatientgrant')) w (world, subject, grants)
     WHERE w.world = sec.world();
    SELECT u.group_id INTO g FROM base.coordination_unit u WHERE u.id = unit AND u.agency_id = sec.agency() AND u.closed_on IS NULL
       AND (sec.whole_agency() IS NOT NULL OR u.group_id = ANY (sec.groups()));
    IF g IS NULL OR subject IS NULL THEN RAISE EXCEPTION 'not your unit' USING errcode = 'insufficient_privilege'; END IF;
    EXECUTE format('SELECT true, p.xmin::text::bigint FROM %I.%I p WHERE p.id = $1 AND p.agency_id = sec.agency()
        AND NOT EXISTS (SELECT 1 FROM %1$I.%3$I g WHERE g.content_object_id = p.id)', sec.world(), subject, grants)
       INTO fresh, made USING person;
    -- A row that is visible while the transaction that wrote it is still going on was written by this one (or a savepoint of it).
    -- xmin is the low 32 bits of its number; the rest is that of the nearest number to this transaction's.
    made := made + (mine >> 32 << 32) + CASE WHEN made - (mine & 4294967295) > 2147483648 THEN -4294967296
                                             WHEN (mine & 4294967295) - made > 2147483648 THEN 4294967296 ELSE 0 END;
    fresh := fresh AND made > 0 AND pg_xact_status(made::text::xid8) = 'in progress';
    IF fresh IS NOT TRUE THEN RAISE EXCEPTION 'not newly registered' USING errcode = 'insufficient_privilege'; END IF;
    EXECUTE format('INSERT INTO %I.%I (id, agency_id, group_id, permission_id, content_object_id)
                    SELECT gen_random_uuid(), sec.agency(), $1, p.id, $2 FROM base.auth_permission p
                      JOIN base.django_content_type t ON t.id = p.content_type_id
                     WHERE p.codename = ''follow'' AND t.app_label = ''coordination'' AND t.model = $3 ON CONFLICT DO NOTHING', sec.world(), grants)
      USING g, person, replace(subject, 'coordination_', '');
END $$;

-- Every row of the person changes owner in one statement each, in one transaction; the receiving unit gets the grant, all others lose theirs.
CREATE FUNCTION letterbox.hand_over(person uuid, to_agency uuid, to_unit uuid) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = base, custody, pg_catalog, pg_temp AS $$
DECLARE t record; n int; total int := 0; g int; me uuid := sec.agency();
BEGIN
    IF me IS NULL OR sec.world() <> 'custody' OR NOT EXISTS (SELECT 1 FROM base.coordination_membership m
        WHERE m.id = sec.membership() AND m.role IN ('duty_leader', 'release_caseworker', 'warden') AND m.reach = 'agency') THEN
        RAISE EXCEPTION 'not allowed to hand over' USING errcode = 'insufficient_privilege'; END IF;
    PERFORM 1 FROM custody.coordination_person p WHERE p.id = person AND p.agency_id = me FOR UPDATE;
    IF NOT FOUND THEN RAISE EXCEPTION 'no such person' USING errcode = 'insufficient_privilege'; END IF;
    SELECT u.group_id INTO g FROM base.coordination_unit u JOIN base.coordination_agency a ON a.id = u.agency_id
     WHERE u.id = to_unit AND a.id = to_agency AND a.world = 'custody' AND a.kind = 'prison' AND a.id <> me AND a.closed_on IS NULL;
    IF g IS NULL THEN RAISE EXCEPTION 'no such receiving unit' USING errcode = 'insufficient_privilege'; END IF;
    -- Asked by oid: a name would be looked up, and fail, for tables of other schemas before the schema is asked about.
    FOR t IN SELECT c.relname AS table_name FROM pg_class c
               JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'person_id' JOIN pg_attribute o ON o.attrelid = c.oid AND o.attname = 'agency_id'
              WHERE c.relnamespace = 'custody'::regnamespace AND c.relkind = 'r' AND has_column_privilege('samvirke_postman', c.oid, o.attnum, 'UPDATE')
                AND NOT has_table_privilege('samvirke_postman', c.oid, 'INSERT') LOOP
        EXECUTE format('UPDATE custody.%I SET agency_id = $1 WHERE person_id = $2 AND agency_id = $3', t.table_name) USING to_agency, person, me;
        GET DIAGNOSTICS n = ROW_COUNT; total := total + n;
    END LOOP;
    UPDATE custody.coordination_person SET agency_id = to_agency, unit_id = to_unit WHERE id = person;
    DELETE FROM custody.coordination_persongrant WHERE content_object_id = person;
    INSERT INTO custody.coordination_persongrant (id, agency_id, group_id, permission_id, content_object_id)
    SELECT gen_random_uuid(), to_agency, g, p.id, person FROM base.auth_permission p JOIN base.django_content_type ct ON ct.id = p.content_type_id
     WHERE p.codename = 'follow' AND ct.app_label = 'coordination' AND ct.model = 'person';
    PERFORM audit._append('hand_over', 'coordination_person', ARRAY[person], ARRAY[person], '', NULL);
    RETURN total + 1;
END $$;

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA letterbox FROM PUBLIC;
GRANT USAGE ON SCHEMA letterbox TO {content_roles}, samvirke_owner;
GRANT EXECUTE ON FUNCTION letterbox.follow_new(uuid, uuid) TO {content_roles};
GRANT EXECUTE ON FUNCTION letterbox.hand_over(uuid, uuid, uuid) TO samvirke_custody_agency;
