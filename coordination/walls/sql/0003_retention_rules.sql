-- Owned by samvirke_owner: the rules of an agency with the number that holds. Where the statute gives none, the controller's newest decision
-- does, never below the least; where nobody has decided, there is no number and nothing falls due.

CREATE FUNCTION base.retention_rules(agency uuid) RETURNS TABLE (code text, world text, subject text, months int, source text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT r.code, r.world, r.subject, CASE WHEN r.least_months IS NULL THEN r.months::int ELSE (
               SELECT greatest(r.least_months::int, (p.value #>> '{}')::int) FROM base.coordination_parameter p
                WHERE p.agency_id = a.id AND p.unit_id IS NULL AND p.key = 'retention_months' AND jsonb_typeof(p.value) = 'number'
                ORDER BY p.set_at DESC, p.id DESC LIMIT 1) END, r.source
      FROM base.coordination_agency a JOIN base.coordination_retentionrule r ON r.world = a.world WHERE a.id = agency AND r.subject <> 'log'
$$;
REVOKE EXECUTE ON FUNCTION base.retention_rules(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION base.retention_rules(uuid) TO samvirke_retention;

-- Tables whose walls were raised before there was anybody to delete. What `coordination.walls.policies` gives a new table, they get here.
DO $$ DECLARE t record; columns text; BEGIN
    FOR t IN SELECT c.oid, c.oid::regclass AS place FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
              WHERE n.nspname IN ('custody', 'municipal_health', 'specialist_health') AND c.relkind = 'r'
                AND EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid)
                AND EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname IN ('person_id', 'content_object_id', 'family_key'))
                AND NOT EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'retention_deletes') LOOP
        SELECT string_agg(quote_ident(a.attname), ', ') INTO columns FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attname = ANY (
            ARRAY['id', 'agency_id'] || CASE
                WHEN EXISTS (SELECT 1 FROM pg_attribute x WHERE x.attrelid = t.oid AND x.attname = 'family_key') THEN ARRAY['created_at', 'present']
                WHEN EXISTS (SELECT 1 FROM pg_attribute x WHERE x.attrelid = t.oid AND x.attname = 'letter_id')
                 AND EXISTS (SELECT 1 FROM pg_attribute x WHERE x.attrelid = t.oid AND x.attname = 'desk_group_id') THEN ARRAY['person_id', 'basis', 'sent_at', 'verified']
                ELSE ARRAY['person_id', 'content_object_id'] END);
        EXECUTE format('CREATE POLICY retention_reads ON %s FOR SELECT TO samvirke_retention USING (true)', t.place);
        EXECUTE format('CREATE POLICY retention_deletes ON %s FOR DELETE TO samvirke_retention USING (true)', t.place);
        EXECUTE format('GRANT SELECT (%s), DELETE ON %s TO samvirke_retention', columns, t.place);
    END LOOP;
END $$;
