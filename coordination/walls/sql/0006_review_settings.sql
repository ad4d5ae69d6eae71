-- The numbers of the privacy officer's review, for the log's own function: the newest of each that was set for a whole agency. Owned by samvirke_owner.
CREATE FUNCTION base.review_settings(agency uuid) RETURNS TABLE (key text, value jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT DISTINCT ON (p.key) p.key::text, p.value FROM base.coordination_parameter p
     WHERE p.agency_id = agency AND p.unit_id IS NULL AND p.key LIKE 'review\_%' ORDER BY p.key, p.set_at DESC, p.id DESC
$$;
REVOKE EXECUTE ON FUNCTION base.review_settings(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION base.review_settings(uuid) TO samvirke_audit;
