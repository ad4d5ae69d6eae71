-- Who receives in a prison what answers a request for information, what a request tells its sender, and that a consent ran out.

-- Whether the one who acts may receive today. The policies ask it once in a statement, never once a row.
CREATE FUNCTION letterbox.receives() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT letterbox._named(sec.membership(), sec.agency()) $$;

-- Puts a receipt on both copies. Instants are set once and never moved. A request for information tells its sender nothing but the answer: when
-- somebody over there read, took on or filed it would tell how much there was to judge, and so it stands on their own copy alone.
CREATE OR REPLACE FUNCTION letterbox._stamp(letter uuid, reader uuid, reader_world text, writer uuid, writer_world text, event text, who text, reference text, answer uuid)
RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE c record; at timestamptz := clock_timestamp(); quiet boolean := false;
BEGIN
    IF event <> 'answered' THEN
        EXECUTE format('SELECT l.kind IN (''information_request'', ''danger_information_request'') FROM %s l WHERE l.letter_id = $1 AND l.agency_id = $2
            AND l.direction = ''in''', letterbox._letters(reader_world)) INTO quiet USING letter, reader;
    END IF;
    FOR c IN SELECT * FROM (VALUES (writer_world, writer, 'out'), (reader_world, reader, 'in')) v (world, agency, direction) LOOP
        CONTINUE WHEN quiet AND c.direction = 'out';
        EXECUTE format('UPDATE %s SET
            read_at = coalesce(read_at, $1),
            acknowledged_at = CASE WHEN $2 IN (''acknowledged'', ''answered'') THEN coalesce(acknowledged_at, $1) ELSE acknowledged_at END,
            acknowledged_by = CASE WHEN $2 IN (''acknowledged'', ''answered'') AND acknowledged_at IS NULL THEN $3 ELSE acknowledged_by END,
            answered_at = CASE WHEN $2 = ''answered'' THEN coalesce(answered_at, $1) ELSE answered_at END,
            answered_by_letter = CASE WHEN $2 = ''answered'' THEN coalesce(answered_by_letter, $4) ELSE answered_by_letter END,
            filed_at = CASE WHEN $2 = ''filed'' THEN coalesce(filed_at, $1) ELSE filed_at END,
            filed_reference = CASE WHEN $2 = ''filed'' AND filed_at IS NULL THEN $5 ELSE filed_reference END,
            settled_at = CASE WHEN ($2 IN (''acknowledged'', ''answered'') AND awaits = ''acknowledgement'') OR ($2 = ''answered'' AND awaits = ''answer'')
                              THEN coalesce(settled_at, $1) ELSE settled_at END
            WHERE letter_id = $6 AND agency_id = $7 AND direction = $8', letterbox._letters(c.world))
          USING at, event, who, answer, reference, letter, c.agency, c.direction;
        EXECUTE format('UPDATE %s SET next_alert_at = NULL WHERE letter_id = $1 AND agency_id = $2 AND direction = $3 AND settled_at IS NOT NULL
            AND next_alert_at IS NOT NULL', letterbox._letters(c.world)) USING letter, c.agency, c.direction;
    END LOOP;
END $$;

-- Writes down which consents have run out since anybody looked: an event each, once. Nothing waits for it: whether a consent holds is asked at the
-- statement that uses it. Runs with every sweep. A consent that ran out more than 400 days ago was written down long since.
CREATE FUNCTION letterbox.note_expired(at timestamptz) RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE w text; asked timestamptz := least(at, clock_timestamp()); day date := (asked AT TIME ZONE 'Europe/Oslo')::date; n int; total int := 0;
BEGIN
    FOREACH w IN ARRAY ARRAY['custody', 'municipal_health', 'specialist_health'] LOOP
        EXECUTE format('INSERT INTO %1$s (id, version, agency_id, person_id, consent_id, kind, text, recorded_at, by_name)
            SELECT uuidv7(), 1, c.agency_id, c.person_id, c.id, ''expired'', '''', $1, ''Samvirke'' FROM %2$s c
             WHERE c.valid_to < $2 AND c.valid_to > $2 - 400 AND c.withdrawn_at IS NULL AND c.superseded_at IS NULL
               AND NOT EXISTS (SELECT 1 FROM %1$s e WHERE e.agency_id = c.agency_id AND e.consent_id = c.id AND e.kind = ''expired'')
             LIMIT 2000 ON CONFLICT DO NOTHING', letterbox._consent_events(w), letterbox._consents(w)) USING asked, day;
        GET DIAGNOSTICS n = ROW_COUNT;
        total := total + n;
    END LOOP;
    RETURN total;
END $$;

CREATE FUNCTION letterbox._consent_events(world text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE world WHEN 'custody' THEN 'custody.consent_custodyconsentevent' WHEN 'municipal_health' THEN 'municipal_health.consent_municipalconsentevent'
                      WHEN 'specialist_health' THEN 'specialist_health.consent_specialistconsentevent' END $$;

REVOKE EXECUTE ON FUNCTION letterbox.receives(), letterbox.note_expired(timestamptz), letterbox._consent_events(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION letterbox.receives() TO samvirke_custody_agency, samvirke_custody_unit;
GRANT USAGE ON SCHEMA letterbox TO samvirke_sweep;
GRANT EXECUTE ON FUNCTION letterbox.note_expired(timestamptz) TO samvirke_sweep;
