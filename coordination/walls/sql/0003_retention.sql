-- Deletes what the law says must go, and nothing else. Owned by samvirke_retention, the only role that may delete a record; nobody may step
-- into it, and no function here takes a row's key: what is due is worked out here, from the rule, the dates and the holds.

CREATE FUNCTION retention._table(world text, what text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT format('%I.%I', world, CASE what
        WHEN 'subject' THEN CASE world WHEN 'custody' THEN 'coordination_person' ELSE 'coordination_' || s.short || 'patient' END
        WHEN 'letter' THEN 'consent_' || s.short || 'letter'
        WHEN 'hold' THEN 'coordination_' || s.short || 'legalhold' END)
      FROM (SELECT CASE world WHEN 'custody' THEN 'custody' WHEN 'municipal_health' THEN 'municipal' WHEN 'specialist_health' THEN 'specialist' END) s (short)
     WHERE s.short IS NOT NULL
$$;

-- Every table with rows about the people of a world, and the column that says whom: those that point at them, and those that only name them.
CREATE FUNCTION retention._columns(world text) RETURNS TABLE (place regclass, person name) LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT c.oid::regclass, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped
     WHERE c.relnamespace = to_regnamespace(world) AND c.relkind IN ('r', 'p') AND c.oid <> retention._table(world, 'subject')::regclass
       AND (a.attname = 'person_id' OR EXISTS (SELECT 1 FROM pg_constraint f WHERE f.contype = 'f' AND f.conrelid = c.oid
                AND f.confrelid = retention._table(world, 'subject')::regclass AND f.conkey = ARRAY[a.attnum]))
$$;

-- Everything of one agency that a rule is about, with the day it falls due, and whether somebody holds it on `day`. In custody a hold is on
-- the human being: it also stops the letters of a prison the person has left. A person is not due while another agency of the same world
-- still has rows about them: those go first, by that agency's own rule.
-- Health: the last entry is told by the keys (UUIDv7 carry when they were made), by letters, and by the patient's own row.
CREATE FUNCTION retention._falls_due(agency uuid, world text, subject text, months int, day date)
RETURNS TABLE (id uuid, due_on date, held boolean) LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE people text := retention._table(world, 'subject'); letters text := retention._table(world, 'letter'); entries text; body text;
BEGIN
    IF months IS NULL OR people IS NULL THEN RETURN; END IF;
    body := CASE
        WHEN subject = 'letter_unverified' THEN format('SELECT l.id, l.sent_at AS since, l.person_id AS person FROM %s l WHERE l.agency_id = $1 AND NOT l.verified', letters)
        -- On LB15 a letter is about nobody; those are no personal data.
        WHEN subject = 'letter_unknown' THEN format('SELECT l.id, l.sent_at AS since, NULL::uuid AS person FROM %s l WHERE l.agency_id = $1 AND l.person_id IS NULL AND l.basis <> ''LB15''', letters)
        WHEN subject IN ('person', 'letter_left') AND world = 'custody' THEN format(
            'SELECT %s, coalesce(s.ended, p.created_at) AS since, p.id AS person FROM %s p CROSS JOIN LATERAL (
                 SELECT max(x.ended_at) AS ended, count(*) FILTER (WHERE x.ended_at IS NULL) AS going_on FROM custody.coordination_stay x WHERE x.person_id = p.id) s %s
              WHERE s.going_on = 0 AND %s',
            CASE subject WHEN 'person' THEN 'p.id' ELSE 'l.id' END, people,
            CASE subject WHEN 'person' THEN '' ELSE format('JOIN %s l ON l.person_id = p.id', letters) END,
            CASE subject WHEN 'person' THEN format('p.agency_id = $1 AND NOT EXISTS (SELECT 1 FROM %s l WHERE l.person_id = p.id AND l.agency_id <> $1)', letters)
                         ELSE 'l.agency_id = $1 AND p.agency_id <> $1' END)
        WHEN subject = 'person' THEN 'patients' END;
    IF body = 'patients' THEN
        SELECT string_agg(format('SELECT max(uuid_extract_timestamp(t.id)) AS at FROM %s t WHERE t.%I = p.id', c.place, c.person), ' UNION ALL ') INTO entries
          FROM retention._columns(world) c;
        body := format('SELECT p.id, greatest(p.created_at, (SELECT max(l.sent_at) FROM %s l WHERE l.person_id = p.id), (SELECT max(e.at) FROM (%s) e)) AS since,
            p.id AS person FROM %s p WHERE p.agency_id = $1 AND NOT p.present', letters, entries, people);
    END IF;
    IF body IS NULL THEN RETURN; END IF;
    RETURN QUERY EXECUTE format('SELECT d.id, ((d.since AT TIME ZONE ''Europe/Oslo'')::date + make_interval(months => $2))::date,
        EXISTS (SELECT 1 FROM %s h WHERE h.person_id = d.person AND h.lifted_at IS NULL AND h.until_on >= $3) FROM (%s) d',
        retention._table(world, 'hold'), body) USING agency, months, day;
END $$;

-- Deletes, or with `really` false counts, everything that goes with some people or some letters of one agency, table by table. Keys are
-- checked at the end: what still points at a deleted row undoes it all.
CREATE FUNCTION retention._take(agency uuid, world text, subject text, ids uuid[], why text, really boolean) RETURNS TABLE (kind text, rows bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE t record; n bigint; gone uuid[]; about uuid[]; whole boolean := subject = 'person'; beside boolean; letters regclass := retention._table(world, 'letter')::regclass;
BEGIN
    FOR t IN
        SELECT c.place, c.person AS col, c.person AS person FROM retention._columns(world) c WHERE whole
        UNION ALL SELECT retention._table(world, 'subject')::regclass, 'id', 'id' WHERE whole
        -- What hangs on a letter goes with it.
        UNION ALL SELECT f.conrelid::regclass, a.attname, 'person_id' FROM pg_constraint f JOIN pg_attribute a ON a.attrelid = f.conrelid AND f.conkey = ARRAY[a.attnum]
            WHERE NOT whole AND f.contype = 'f' AND f.confrelid = letters
        UNION ALL SELECT letters, 'id', 'person_id' WHERE NOT whole
    LOOP
        -- With the last of the letters gone, what another prison still has beside them (drafts, notes of who was told) goes with the person.
        beside := whole AND t.place <> letters;
        IF really THEN
            EXECUTE format('WITH gone AS (DELETE FROM %s t WHERE (t.agency_id = $1 OR $3) AND t.%I = ANY ($2) RETURNING t.id, t.%I AS person)
                SELECT array_agg(id), coalesce(array_agg(DISTINCT person) FILTER (WHERE person IS NOT NULL), ''{}'') FROM gone', t.place, t.col, t.person)
              INTO gone, about USING agency, ids, beside;
            n := coalesce(cardinality(gone), 0);
            IF n > 0 THEN PERFORM audit.deleted(agency, (SELECT c.relname FROM pg_class c WHERE c.oid = t.place), gone, about, why); END IF;
        ELSE
            EXECUTE format('SELECT count(*) FROM %s t WHERE (t.agency_id = $1 OR $3) AND t.%I = ANY ($2)', t.place, t.col) INTO n USING agency, ids, beside;
        END IF;
        IF n > 0 THEN kind := (SELECT c.relname FROM pg_class c WHERE c.oid = t.place); rows := n; RETURN NEXT; END IF;
    END LOOP;
    IF really THEN SET CONSTRAINTS ALL IMMEDIATE; END IF;
END $$;

-- One rule for one agency. `really` false: what would go on the day of `at`. True: deletes up to `most` people or letters and says what went;
-- no day later than the database's own today counts, whatever `at` says.
CREATE FUNCTION retention.run(agency uuid, rule text, at timestamptz, really boolean, most int) RETURNS TABLE (kind text, rows bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE r record; day date := ((CASE WHEN really THEN least(at, clock_timestamp()) ELSE at END) AT TIME ZONE 'Europe/Oslo')::date; ids uuid[];
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('retention:' || agency, 0));
    SELECT * INTO r FROM base.retention_rules(agency) x WHERE x.code = rule AND x.months IS NOT NULL;
    IF NOT FOUND THEN RETURN; END IF;
    SELECT array_agg(d.id) INTO ids FROM (
        SELECT x.id FROM retention._falls_due(agency, r.world, r.subject, r.months, day) x WHERE x.due_on <= day AND NOT x.held ORDER BY x.due_on, x.id LIMIT most) d;
    IF ids IS NULL THEN RETURN; END IF;
    RETURN QUERY SELECT * FROM retention._take(agency, r.world, r.subject, ids, r.code || ' ' || r.source, really);
END $$;

-- For the page of the acting agency, and of no other: how many are due by each rule, how many within 90 days, how many are held, and the next day.
CREATE FUNCTION retention.overview() RETURNS TABLE (code text, months int, due bigint, soon bigint, held bigint, next_on date)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE me uuid := sec.any_agency(); day date := (clock_timestamp() AT TIME ZONE 'Europe/Oslo')::date;
BEGIN
    RETURN QUERY SELECT r.code, r.months, count(d.id) FILTER (WHERE d.due_on <= day AND NOT d.held),
           count(d.id) FILTER (WHERE d.due_on > day AND d.due_on <= day + 90 AND NOT d.held), count(d.id) FILTER (WHERE d.held),
           min(d.due_on) FILTER (WHERE d.due_on > day AND NOT d.held)
      FROM base.retention_rules(me) r LEFT JOIN LATERAL retention._falls_due(me, r.world, r.subject, r.months, day) d ON true
     GROUP BY r.code, r.months;
END $$;

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA retention FROM PUBLIC;
GRANT USAGE ON SCHEMA retention TO samvirke_sweep, samvirke_admin, {content_roles};
GRANT EXECUTE ON FUNCTION retention.run(uuid, text, timestamptz, boolean, int) TO samvirke_sweep;
GRANT EXECUTE ON FUNCTION retention.overview() TO samvirke_admin, {content_roles};
