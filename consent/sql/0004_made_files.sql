-- Files the worker made about a person are copies to be fetched, not an archive (RM8-g): after seven days they go, whatever is kept otherwise.
-- When one was made is told by its key (UUIDv7). Owned by samvirke_retention, as everything that deletes.
CREATE FUNCTION retention.purge_files(at timestamptz) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE place text; gone record; n bigint := 0;
    before constant timestamptz := least(at, clock_timestamp()) - interval '7 days';
BEGIN
    FOREACH place IN ARRAY ARRAY['custody.consent_custodymadefile', 'municipal_health.consent_municipalmadefile', 'specialist_health.consent_specialistmadefile'] LOOP
        FOR gone IN EXECUTE format('WITH gone AS (DELETE FROM %s t WHERE uuid_extract_timestamp(t.id) < $1 RETURNING t.id, t.agency_id, t.person_id)
            SELECT agency_id, array_agg(id) AS ids, array_agg(DISTINCT person_id) AS persons FROM gone GROUP BY agency_id', place) USING before LOOP
            PERFORM audit.deleted(gone.agency_id, split_part(place, '.', 2), gone.ids, gone.persons, 'Uttrekk slettes etter sju dager');
            n := n + cardinality(gone.ids);
        END LOOP;
    END LOOP;
    RETURN n;
END $$;
REVOKE EXECUTE ON FUNCTION retention.purge_files(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION retention.purge_files(timestamptz) TO samvirke_sweep;
