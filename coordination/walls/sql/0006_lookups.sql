-- How often the acting member has had a text looked through while typing. Owned by samvirke_audit.
CREATE FUNCTION audit.own_lookups(since timestamptz) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT count(*) FROM audit.entry e WHERE e.at >= since AND e.membership_id = sec.membership() AND e.action = 'lookup'
$$;
REVOKE EXECUTE ON FUNCTION audit.own_lookups(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.own_lookups(timestamptz) TO {content_roles};
