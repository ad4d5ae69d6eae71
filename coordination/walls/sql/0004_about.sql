-- Who looked at one person, for that person's right to know. Owned by samvirke_audit.

-- The log grows in the order of time, so a few bytes for each stretch of it are index enough: together with entry_person it takes a
-- window of one person's history out of a log of all of them without reading the rest.
CREATE INDEX entry_at ON audit.entry USING brin (at) WITH (pages_per_range = 16, autosummarize = on);

-- Who of the acting agency had to do with a person, one row for each Oslo day and member, newest first: windows that grow, from the day
-- `before` (not itself) backwards, until there are `most` rows or the agency's log begins. A window is never cut, so whoever asks for a
-- few may get more, whole days all the same. The agency is the identity's, and only those who answer for it may ask: what
-- another agency did with the same person stands in that agency's log, and is that agency's to tell.
CREATE FUNCTION audit.about(person uuid, before date, most int)
RETURNS TABLE (day date, membership_id uuid, first_at timestamptz, last_at timestamptz, actions text[], tables text[], times bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE me uuid := sec.whole_agency(); until date := before; since date; beginning date; days int := 14; n bigint; got bigint := 0;
BEGIN
    IF me IS NULL OR coalesce(sec.role(), '') <> ALL (ARRAY['warden', 'health_leader', 'trust_leader']) THEN
        RAISE EXCEPTION 'not yours to ask' USING errcode = 'insufficient_privilege'; END IF;
    SELECT (e.at AT TIME ZONE 'Europe/Oslo')::date INTO beginning FROM audit.entry e WHERE e.agency_id = me ORDER BY e.seq LIMIT 1;
    WHILE got < most AND until > beginning LOOP
        since := until - days;
        RETURN QUERY
            SELECT (e.at AT TIME ZONE 'Europe/Oslo')::date AS day, e.membership_id, min(e.at), max(e.at), array_agg(DISTINCT e.action),
                   array_agg(DISTINCT e.subject_table), count(DISTINCT e.xid)
              FROM audit.entry e
             WHERE e.person_ids @> ARRAY[person] AND e.agency_id = me AND e.membership_id IS NOT NULL
               AND e.at >= since::timestamp AT TIME ZONE 'Europe/Oslo' AND e.at < until::timestamp AT TIME ZONE 'Europe/Oslo'
             GROUP BY 1, 2 ORDER BY 1 DESC, 3 DESC, 2;
        GET DIAGNOSTICS n = ROW_COUNT;
        got := got + n; until := since; days := least(days * 2, 1461);
    END LOOP;
END $$;
REVOKE EXECUTE ON FUNCTION audit.about(uuid, date, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.about(uuid, date, int) TO samvirke_custody_agency, samvirke_municipal_health_agency, samvirke_specialist_health_agency;
