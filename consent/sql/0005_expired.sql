-- That a consent ran out is written down once, and told once to those who were told of it. No text comes from outside: the notice says who it is
-- about as the last letter on that consent said, and that it is over.

-- Tells those a consent still names that it is over: whoever got a letter on it, was not told so before, and has no other consent that covers it.
CREATE FUNCTION letterbox._tell_expired(w text, giver uuid, about uuid, over uuid) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    at timestamptz := clock_timestamp(); day date := (at AT TIME ZONE 'Europe/Oslo')::date; due timestamptz; told record; c record; st text; copy uuid;
    k base.consent_letterkindrow; letter uuid; thread uuid; theirs uuid; said jsonb; ground text := CASE w WHEN 'custody' THEN 'LB01' ELSE 'LB02' END;
BEGIN
    SELECT * INTO STRICT k FROM base.consent_letterkindrow x WHERE x.code = 'consent_notice';
    due := at + make_interval(mins => k.due_minutes);
    SELECT v.statute INTO st FROM base.consent_legalbasisversion v
     WHERE v.basis_id = ground AND v.valid_from <= day AND (v.valid_to IS NULL OR v.valid_to >= day);
    FOR told IN EXECUTE format('SELECT l.*, r.world AS to_world, r.name AS to_name, r.closed_on AS gone FROM (
            SELECT DISTINCT ON (x.other_agency_id) x.letter_id, x.thread_id, x.agency_id, x.other_agency_id, x.kind, x.body, x.inmate_informed FROM %1$s x
             WHERE x.person_id = $1 AND x.consent_id = $2 AND x.direction = ''out''
             ORDER BY x.other_agency_id, x.kind = ''consent_notice'' DESC, x.sent_at DESC) l
          JOIN %2$s c ON c.id = $2 AND l.other_agency_id = ANY (c.recipients) JOIN base.coordination_agency r ON r.id = l.other_agency_id
         WHERE NOT (l.kind = ''consent_notice'' AND l.body->>''event'' = ''ended'') AND r.id <> $3
           AND NOT EXISTS (SELECT 1 FROM %2$s n WHERE n.id <> c.id AND n.agency_id = c.agency_id AND n.person_id = c.person_id AND n.withdrawn_at IS NULL
               AND n.superseded_at IS NULL AND n.signed_at <= $4 AND $5 BETWEEN n.valid_from AND n.valid_to AND r.id = ANY (n.recipients) AND n.categories @> c.categories)
         ORDER BY r.id', letterbox._letters(w), letterbox._consents(w)) USING about, over, giver, at, day LOOP
        letter := gen_random_uuid(); copy := NULL;
        -- A consent that came with the person from another prison: a thread is between two, so it begins anew.
        thread := CASE told.agency_id WHEN giver THEN told.thread_id ELSE letter END;
        said := jsonb_build_object('event', 'ended', 'family_name', told.body->'family_name', 'given_name', told.body->'given_name', 'birth_date', told.body->'birth_date');
        EXECUTE format('SELECT l.person_id FROM %s l WHERE l.thread_id = $1 AND l.agency_id = $2 AND l.person_id IS NOT NULL ORDER BY l.sent_at DESC LIMIT 1',
            letterbox._letters(told.to_world)) INTO theirs USING told.thread_id, told.other_agency_id;
        -- Each copy is written beside its owner's copy of what they were told before, and neither is written without the other.
        IF told.gone IS NULL AND st IS NOT NULL THEN
            FOR c IN SELECT * FROM (VALUES (told.to_world, told.other_agency_id, giver, 'in', k.recipient_rule, theirs, NULL::uuid),
                                           (w, giver, told.other_agency_id, 'out', k.sender_rule, about, over)) v (world, agency, other, way, rule, person, consent) LOOP
                EXECUTE format('INSERT INTO %1$s (id, agency_id, version, letter_id, thread_id, direction, kind, other_agency_id, sender_name, sender_role, body, digest,
                        basis, statute, necessity, consent_id, inmate_informed, verified, in_reply_to, desk_group_id, sent_at, acknowledged_by, filed_reference,
                        awaits, rule, due_at, settled_at, next_step, next_alert_at, person_id)
                    SELECT gen_random_uuid(), $1, 1, $2, $3, x.direction, $4, $5, ''Samvirke'', '''', $6, sha256(convert_to($6::text, ''UTF8'')),
                           $7, $8, '''', $9, $10, true, $11, coalesce((SELECT u.group_id FROM %2$s p JOIN base.coordination_unit u ON u.id = p.unit_id WHERE p.id = $12),
                           x.desk_group_id), $13, '''', '''', $14, $15, $16, CASE WHEN $14 = '''' THEN $13 END, 0, letterbox._first_alert($15, $13, $16), $12
                      FROM %1$s x WHERE x.letter_id = $17 AND x.direction = $18 RETURNING id', letterbox._letters(c.world), letterbox._subjects(c.world))
                  INTO copy USING c.agency, letter, thread, k.code, c.other, said, ground, st, c.consent, told.inmate_informed,
                    CASE told.agency_id WHEN giver THEN told.letter_id END, c.person, at, k.awaits, c.rule, due, told.letter_id, c.way;
                EXIT WHEN copy IS NULL;
                PERFORM audit.carried(c.agency, CASE c.way WHEN 'out' THEN 'disclose' ELSE 'received' END, k.code, ARRAY[CASE c.way WHEN 'out' THEN letter ELSE copy END],
                    CASE WHEN c.person IS NULL THEN '{}' ELSE ARRAY[c.person] END, ground);
            END LOOP;
        END IF;
        IF copy IS NULL THEN
            EXECUTE format('INSERT INTO %s (id, version, agency_id, person_id, consent_id, kind, text, recorded_at, by_name)
                VALUES (uuidv7(), 1, $1, $2, $3, ''untold'', $4, $5, ''Samvirke'')', letterbox._consent_events(w))
              USING giver, about, over, told.to_name || ' kunne ikke få melding.', at;
        END IF;
    END LOOP;
END $$;

-- Writes down which consents have run out since anybody looked: an event each, once, and with it, in the same transaction, the notices. A consent
-- at a time: one that cannot be written down leaves the others written, and is tried again with the next sweep. Its person is locked first, as by
-- everybody who decides about them: who withdraws, replaces or hands over just now is done before it is asked again whether the consent ran out,
-- and nobody is told twice. A person somebody works with is left for the next sweep; so is what takes longer than two seconds, as the lock is held
-- till the end. Nothing waits for this: whether a consent holds is asked at the statement that uses it. A consent that ran out more than 400 days
-- ago was written down long since.
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

REVOKE EXECUTE ON FUNCTION letterbox._tell_expired(text, uuid, uuid, uuid) FROM PUBLIC;
