-- Hands a person over to another prison. Owned by samvirke_postman. Replaces the function of the same name.

-- Every row of the person changes owner in one statement each, in one transaction; the receiving unit gets the grant, all others lose theirs.
CREATE OR REPLACE FUNCTION letterbox.hand_over(person uuid, to_agency uuid, to_unit uuid) RETURNS int
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
    -- Letters, which the postman may change as a whole, are the sender's own account and stay; what it only adds to (alerts, what happened to a
    -- consent) follows as the rest. Asked by oid: a name would be looked up, and fail, for tables of other schemas before the schema is asked about.
    FOR t IN SELECT c.relname AS table_name FROM pg_class c
               JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'person_id' JOIN pg_attribute o ON o.attrelid = c.oid AND o.attname = 'agency_id'
              WHERE c.relnamespace = 'custody'::regnamespace AND c.relkind = 'r' AND has_column_privilege('samvirke_postman', c.oid, o.attnum, 'UPDATE')
                AND NOT has_table_privilege('samvirke_postman', c.oid, 'UPDATE') LOOP
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
