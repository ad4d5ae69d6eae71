-- How often the acting member has had a text looked through while typing, or been told that it names somebody. Owned by samvirke_audit.
CREATE INDEX entry_names ON audit.entry (membership_id, at) WHERE subject_table = 'names';
CREATE FUNCTION audit.own_lookups(since timestamptz) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT count(*) FROM audit.entry e WHERE e.at >= since AND e.membership_id = sec.membership() AND e.subject_table = 'names'
$$;
REVOKE EXECUTE ON FUNCTION audit.own_lookups(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.own_lookups(timestamptz) TO {content_roles};
