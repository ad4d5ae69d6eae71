-- The postman carried a letter though nobody acted: one row in the log of the agency it went from, one in that of the agency it came to. Each
-- holds the keys of its own world only. Owned by samvirke_audit; only the postman may say it.
CREATE FUNCTION audit.carried(owner uuid, act text, tab text, ids uuid[], persons uuid[], why text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO audit.entry (agency_id, action, subject_table, object_ids, person_ids, purpose, leaf) VALUES (owner, act, tab, ids, persons, why, '')
$$;
REVOKE EXECUTE ON FUNCTION audit.carried(uuid, text, text, uuid[], uuid[], text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.carried(uuid, text, text, uuid[], uuid[], text) TO samvirke_postman;
