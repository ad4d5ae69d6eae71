-- What the log says of a deletion: which rows, about whom, on what ground. It stays when the rows are gone. Owned by samvirke_audit.

CREATE INDEX entry_deleted ON audit.entry (agency_id, seq) WHERE action = 'delete' AND purpose <> '';

-- Only the functions of retention may say it. Nobody acts then; `owner` is whose rows they were.
CREATE FUNCTION audit.deleted(owner uuid, tab text, ids uuid[], persons uuid[], why text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO audit.entry (agency_id, action, subject_table, object_ids, person_ids, purpose, leaf) VALUES (owner, 'delete', tab, ids, persons, why, '')
$$;

-- The report of the acting agency: how many rows of which table went on which Oslo day, on what ground. No keys.
CREATE FUNCTION audit.deletions() RETURNS TABLE (day date, why text, kind text, rows bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT (e.at AT TIME ZONE 'Europe/Oslo')::date, e.purpose, e.subject_table, sum(cardinality(e.object_ids))::bigint FROM audit.entry e
     WHERE e.agency_id = sec.any_agency() AND e.action = 'delete' AND e.purpose <> '' GROUP BY 1, 2, 3 ORDER BY 1 DESC, 2, 3 LIMIT 500
$$;

REVOKE EXECUTE ON FUNCTION audit.deleted(uuid, text, uuid[], uuid[], text), audit.deletions() FROM PUBLIC;
GRANT USAGE ON SCHEMA audit TO samvirke_retention;
GRANT EXECUTE ON FUNCTION audit.deleted(uuid, text, uuid[], uuid[], text) TO samvirke_retention;
GRANT EXECUTE ON FUNCTION audit.deletions() TO samvirke_admin, {content_roles};
