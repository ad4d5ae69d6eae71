-- As in 0005_expired.sql, but a consent at a time: one that cannot be written down leaves the others written, and is tried again with the next
-- sweep. Its person is locked first, as by everybody who decides about them: who withdraws, replaces or hands over just now is done before it is
-- asked again whether the consent ran out, and nobody is told twice. A person somebody works with is left for the next sweep; so is what takes
-- longer than two seconds, as the lock is held till the end.
CREATE OR REPLACE FUNCTION letterbox.note_expired(at timestamptz) RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    w text; asked timestamptz := least(at, clock_timestamp()); day date := (asked AT TIME ZONE 'Europe/Oslo')::date; c record; n int; total int := 0;
    enough timestamptz := clock_timestamp() + interval '2 seconds'; mine uuid; broke text;
BEGIN
    FOREACH w IN ARRAY ARRAY['custody', 'municipal_health', 'specialist_health'] LOOP
        FOR c IN EXECUTE format('SELECT c.agency_id, c.person_id, c.id FROM %2$s c
             WHERE c.valid_to < $1 AND c.valid_to > $1 - 400 AND c.withdrawn_at IS NULL AND c.superseded_at IS NULL
               AND NOT EXISTS (SELECT 1 FROM %1$s e WHERE e.agency_id = c.agency_id AND e.consent_id = c.id AND e.kind = ''expired'')
             ORDER BY c.id LIMIT 200', letterbox._consent_events(w), letterbox._consents(w)) USING day LOOP
            EXIT WHEN clock_timestamp() > enough;
            BEGIN
                EXECUTE format('SELECT p.id FROM %s p WHERE p.id = $1 AND p.agency_id = $2 FOR NO KEY UPDATE SKIP LOCKED', letterbox._subjects(w))
                  INTO mine USING c.person_id, c.agency_id;
                CONTINUE WHEN mine IS NULL;
                EXECUTE format('INSERT INTO %s (id, version, agency_id, person_id, consent_id, kind, text, recorded_at, by_name)
                    SELECT uuidv7(), 1, c.agency_id, c.person_id, c.id, ''expired'', '''', $4, ''Samvirke'' FROM %s c
                     WHERE c.id = $3 AND c.agency_id = $1 AND c.person_id = $2 AND c.valid_to < $5 AND c.withdrawn_at IS NULL AND c.superseded_at IS NULL
                    ON CONFLICT DO NOTHING', letterbox._consent_events(w), letterbox._consents(w))
                  USING c.agency_id, c.person_id, c.id, asked, day;
                GET DIAGNOSTICS n = ROW_COUNT;
                IF n = 1 THEN PERFORM letterbox._tell_expired(w, c.agency_id, c.person_id, c.id); END IF;
                total := total + n;
            EXCEPTION WHEN OTHERS THEN
                -- Without the words of the error, which may be the row's: the sweep writes this to its log.
                GET STACKED DIAGNOSTICS broke = CONSTRAINT_NAME;
                RAISE WARNING 'that consent % ran out was not written down: % %', c.id, SQLSTATE, broke;
            END;
        END LOOP;
    END LOOP;
    RETURN total;
END $$;
