-- What somebody typed and did not send is no record. It goes for good when nobody has touched it for 90 days, and so does what is left of a draft
-- that was sent or discarded. Runs with every sweep; the log keeps that it went and why.
CREATE FUNCTION retention.drop_drafts(at timestamptz) RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE t text; g record; total int := 0; late timestamptz := least(at, clock_timestamp()) - interval '90 days';
BEGIN
    FOREACH t IN ARRAY ARRAY['custody.consent_custodyletterdraft', 'municipal_health.consent_municipalletterdraft', 'specialist_health.consent_specialistletterdraft'] LOOP
        FOR g IN EXECUTE format('WITH gone AS (DELETE FROM %s d WHERE d.saved_at < $1 RETURNING d.id, d.agency_id, d.person_id)
            SELECT agency_id, array_agg(id) AS ids, coalesce(array_agg(DISTINCT person_id) FILTER (WHERE person_id IS NOT NULL), ''{}'') AS persons
              FROM gone GROUP BY agency_id', t) USING late LOOP
            PERFORM audit.deleted(g.agency_id, split_part(t, '.', 2), g.ids, g.persons, 'kladder 90 dager');
            total := total + cardinality(g.ids);
        END LOOP;
    END LOOP;
    RETURN total;
END $$;

REVOKE EXECUTE ON FUNCTION retention.drop_drafts(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION retention.drop_drafts(timestamptz) TO samvirke_sweep;
