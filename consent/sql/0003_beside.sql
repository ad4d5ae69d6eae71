-- What lies beside a letter: files that went with it, who inside the agency it was given to, and that the sender asked again. All of it is
-- written here and read behind the letter's own wall. Files are part of what was sent: the letter lists the hash of each, so that its own
-- hash covers them, and a letter that lists a file that is not there cannot be committed.

CREATE FUNCTION letterbox._attachments(world text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE world WHEN 'custody' THEN 'custody.consent_custodyattachment' WHEN 'municipal_health' THEN 'municipal_health.consent_municipalattachment'
                      WHEN 'specialist_health' THEN 'specialist_health.consent_specialistattachment' END $$;
CREATE FUNCTION letterbox._handlings(world text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE world WHEN 'custody' THEN 'custody.consent_custodyhandling' WHEN 'municipal_health' THEN 'municipal_health.consent_municipalhandling'
                      WHEN 'specialist_health' THEN 'specialist_health.consent_specialisthandling' END $$;
CREATE FUNCTION letterbox._alerts(world text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE world WHEN 'custody' THEN 'custody.coordination_custodyalert' WHEN 'municipal_health' THEN 'municipal_health.coordination_municipalalert'
                      WHEN 'specialist_health' THEN 'specialist_health.coordination_specialistalert' END $$;

-- Files

-- Puts one file with both copies of a letter the actor has just sent. What the letter lists decides: hash, size, type, name.
CREATE FUNCTION letterbox.enclose(letter uuid, place int, content bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE me uuid := sec.agency(); w text := sec.world(); l record; c record; listed text; kind text; named text;
BEGIN
    EXECUTE format('SELECT l.body, l.other_agency_id, a.world FROM %s l JOIN base.coordination_agency a ON a.id = l.other_agency_id
        WHERE l.letter_id = $1 AND l.agency_id = $2 AND l.direction = ''out'' AND l.sender_membership_id = $3', letterbox._letters(w))
      INTO l USING letter, me, sec.membership();
    listed := l.body->'attachments'->>(place - 1);
    IF listed IS NULL OR listed !~ '^[0-9a-f]{64} [0-9]{1,8} (application/pdf|image/png|image/jpeg) [^[:cntrl:]]{1,120}$' THEN
        PERFORM letterbox._no('attachment'); END IF;
    kind := split_part(listed, ' ', 3);
    named := substr(listed, length(split_part(listed, ' ', 1)) + length(split_part(listed, ' ', 2)) + length(kind) + 4);
    IF content IS NULL OR length(content) > 10485760 OR length(content)::text <> split_part(listed, ' ', 2)
       OR encode(sha256(content), 'hex') <> split_part(listed, ' ', 1)
       OR NOT (CASE kind WHEN 'application/pdf' THEN substr(content, 1, 5) = '\x255044462d' WHEN 'image/png' THEN substr(content, 1, 8) = '\x89504e470d0a1a0a'
                        ELSE substr(content, 1, 3) = '\xffd8ff' END) THEN
        PERFORM letterbox._no('attachment'); END IF;
    FOR c IN SELECT * FROM (VALUES (w, me, 'out'), (l.world, l.other_agency_id, 'in')) v (world, agency, direction) LOOP
        EXECUTE format('INSERT INTO %s (id, version, agency_id, letter_id, person_id, desk_group_id, number, name, content_type, size, digest, data)
            SELECT gen_random_uuid(), 1, x.agency_id, x.id, x.person_id, x.desk_group_id, $4, $5, $6, length($7), sha256($7), $7
              FROM %s x WHERE x.letter_id = $1 AND x.agency_id = $2 AND x.direction = $3', letterbox._attachments(c.world), letterbox._letters(c.world))
          USING letter, c.agency, c.direction, place, named, kind, content;
    END LOOP;
END $$;

-- At commit: every file a letter lists lies with it.
CREATE FUNCTION letterbox._enclosed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE n int;
BEGIN
    EXECUTE format('SELECT count(*) FROM %s a WHERE a.letter_id = $1', letterbox._attachments(TG_TABLE_SCHEMA)) INTO n USING NEW.id;
    IF jsonb_typeof(NEW.body->'attachments') = 'array' AND n <> jsonb_array_length(NEW.body->'attachments') THEN
        RAISE EXCEPTION 'a letter without its files'; END IF;
    RETURN NULL;
END $$;

-- What lies beside a letter stands. The person is filled in once, and who was given it has seen it and is done with it once.
CREATE FUNCTION letterbox._stands_beside() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE once constant text[] := ARRAY['person_id', 'seen_at', 'ended_at']; c text; was jsonb := to_jsonb(OLD); becomes jsonb := to_jsonb(NEW);
BEGIN
    IF TG_OP <> 'UPDATE' THEN RAISE EXCEPTION 'what was recorded never changes'; END IF;
    IF was - once <> becomes - once THEN RAISE EXCEPTION 'what was recorded never changes'; END IF;
    FOREACH c IN ARRAY once LOOP
        IF was->>c IS NOT NULL AND was->c <> becomes->c THEN RAISE EXCEPTION 'what was recorded never changes'; END IF;
    END LOOP;
    RETURN NEW;
END $$;

-- For files, by column: a row of ten megabytes is not compared with itself.
CREATE FUNCTION letterbox._never() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN RAISE EXCEPTION 'what was recorded never changes'; END $$;

-- When it becomes known whom a letter is about, what lies beside it follows; and what was given on before a correction is given on after it.
CREATE FUNCTION letterbox._beside_follows() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE t text;
BEGIN
    IF NEW.person_id IS DISTINCT FROM OLD.person_id THEN
        FOREACH t IN ARRAY ARRAY[letterbox._attachments(TG_TABLE_SCHEMA), letterbox._handlings(TG_TABLE_SCHEMA)] LOOP
            EXECUTE format('UPDATE %s SET person_id = $1 WHERE letter_id = $2 AND person_id IS NULL', t) USING NEW.person_id, NEW.id;
        END LOOP;
    END IF;
    IF NEW.superseded_by IS DISTINCT FROM OLD.superseded_by THEN
        EXECUTE format('INSERT INTO %1$s (id, version, agency_id, letter_id, person_id, desk_group_id, what, to_membership_id, to_role, to_name, note, given_at,
                given_by, given_by_name) SELECT gen_random_uuid(), 1, h.agency_id, n.id, n.person_id, n.desk_group_id, h.what, h.to_membership_id, h.to_role,
                h.to_name, h.note, clock_timestamp(), h.given_by, h.given_by_name
              FROM %1$s h, %2$s n WHERE h.letter_id = $1 AND h.ended_at IS NULL AND n.letter_id = $2 AND n.agency_id = $3 AND n.direction = $4',
            letterbox._handlings(TG_TABLE_SCHEMA), letterbox._letters(TG_TABLE_SCHEMA)) USING NEW.id, NEW.superseded_by, NEW.agency_id, NEW.direction;
        EXECUTE format('UPDATE %s SET ended_at = clock_timestamp() WHERE letter_id = $1 AND ended_at IS NULL', letterbox._handlings(TG_TABLE_SCHEMA))
          USING NEW.id;
    END IF;
    RETURN NULL;
END $$;

-- Inside the agency

-- Which colleagues may read a copy: by their reach, or by need to know. The same question as the policies ask, for somebody else. What answers
-- a request for information is read in a prison by those alone who are named to ask.
CREATE FUNCTION letterbox._readers(copy uuid) RETURNS SETOF uuid LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE me uuid := sec.agency(); w text := sec.world(); l record;
BEGIN
    EXECUTE format('SELECT l.id, l.person_id, l.desk_group_id, l.kind FROM %s l WHERE l.id = $1 AND l.agency_id = $2', letterbox._letters(w)) INTO l USING copy, me;
    IF l.id IS NULL THEN RETURN; END IF;
    RETURN QUERY EXECUTE format('SELECT m.id FROM base.coordination_membership m WHERE m.agency_id = $1 AND m.ended_at IS NULL
       AND NOT ($4 AND NOT letterbox._named(m.id, $1)) AND (m.reach = ''agency''
        OR (m.reach = ''unit'' AND EXISTS (
            SELECT 1 FROM (SELECT u.group_id FROM base.coordination_membershipunit mu JOIN base.coordination_unit u ON u.id = mu.unit_id
                            WHERE mu.membership_id = m.id AND mu.ended_at IS NULL AND u.agency_id = $1 UNION SELECT m.group_id) mine
             WHERE CASE WHEN $2 IS NULL THEN mine.group_id = $3
                        ELSE EXISTS (SELECT 1 FROM %s k WHERE k.content_object_id = $2 AND k.group_id = mine.group_id AND k.agency_id = $1) END)))',
        letterbox._grants(w)) USING me, l.person_id, l.desk_group_id,
            w = 'custody' AND l.kind IN ('information_answer', 'information_declined', 'information_question');
END $$;

-- The same, for a page that offers colleagues: nobody asks about a letter they cannot read.
CREATE FUNCTION letterbox.readers(copy uuid) RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM letterbox._readers(copy) r WHERE r = sec.membership()) THEN RETURN QUERY SELECT letterbox._readers(copy); END IF;
END $$;

-- Gives a letter to a colleague to do, or to a colleague or a role to know. It opens nothing: whoever cannot read it cannot be given it.
CREATE FUNCTION letterbox.hand_on(copy uuid, act text, member uuid, to_which text, words text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE me uuid := sec.agency(); w text := sec.world(); who base.coordination_membership; l record; them uuid[];
BEGIN
    them := ARRAY(SELECT letterbox._readers(copy));
    IF me IS NULL OR sec.membership() <> ALL (them) OR sec.membership() IS NULL THEN PERFORM letterbox._no('receipt'); END IF;
    -- Locked, so that of two who assign at once the second ends what the first gave.
    EXECUTE format('SELECT l.letter_id, l.person_id, l.superseded_by FROM %s l WHERE l.id = $1 AND l.agency_id = $2 FOR UPDATE', letterbox._letters(w))
      INTO l USING copy, me;
    IF l.superseded_by IS NOT NULL THEN PERFORM letterbox._no('superseded'); END IF;
    SELECT * INTO STRICT who FROM base.coordination_membership x WHERE x.id = sec.membership();
    IF act NOT IN ('assigned', 'forwarded') OR (member IS NULL) = (coalesce(to_which, '') = '') OR (act = 'assigned' AND member IS NULL)
       OR length(coalesce(words, '')) > 500 OR NOT EXISTS (
            SELECT 1 FROM base.coordination_membership x WHERE x.id = ANY (them) AND (x.id = member OR (member IS NULL AND x.role = to_which))) THEN
        PERFORM letterbox._no('reader'); END IF;
    IF act = 'assigned' THEN
        EXECUTE format('UPDATE %s SET ended_at = clock_timestamp() WHERE letter_id = $1 AND what = ''assigned'' AND ended_at IS NULL', letterbox._handlings(w))
          USING copy; END IF;
    EXECUTE format('INSERT INTO %s (id, version, agency_id, letter_id, person_id, desk_group_id, what, to_membership_id, to_role, to_name, note, given_at,
            given_by, given_by_name) SELECT gen_random_uuid(), 1, x.agency_id, x.id, x.person_id, x.desk_group_id, $3, $4, $5,
            coalesce((SELECT t.display_name FROM base.coordination_membership t WHERE t.id = $4), ''''), $6, clock_timestamp(), $7, $8
          FROM %s x WHERE x.id = $1 AND x.agency_id = $2', letterbox._handlings(w), letterbox._letters(w))
      USING copy, me, act, member, CASE WHEN member IS NULL THEN to_which ELSE '' END, btrim(coalesce(words, '')), who.id, who.display_name;
    PERFORM audit._append(act, 'letter', ARRAY[l.letter_id], CASE WHEN l.person_id IS NULL THEN '{}' ELSE ARRAY[l.person_id] END, '', NULL);
END $$;

-- Whoever was given a letter has opened it. A role has when the first of them does.
CREATE FUNCTION letterbox.seen(copy uuid) RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE n int;
BEGIN
    EXECUTE format('UPDATE %s h SET seen_at = clock_timestamp() WHERE h.letter_id = $1 AND h.agency_id = $2 AND h.seen_at IS NULL AND h.ended_at IS NULL
        AND (h.to_membership_id = $3 OR h.to_role = (SELECT m.role FROM base.coordination_membership m WHERE m.id = $3))', letterbox._handlings(sec.world()))
      USING copy, sec.agency(), sec.membership();
    GET DIAGNOSTICS n = ROW_COUNT;
    RETURN n;
END $$;

-- Asking again

-- Once in 24 hours, of a letter of one's own that is past its time and waits: both sides see when, and the recipient is alerted anew.
CREATE FUNCTION letterbox.remind(letter uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE me uuid := sec.agency(); w text := sec.world(); at timestamptz := clock_timestamp(); l record; c record; audience text[];
BEGIN
    EXECUTE format('SELECT l.id, l.person_id, l.other_agency_id, l.due_at, l.reminded_at, a.world FROM %s l JOIN base.coordination_agency a ON a.id = l.other_agency_id
        WHERE l.letter_id = $1 AND l.agency_id = $2 AND l.direction = ''out'' AND l.settled_at IS NULL AND l.awaits <> '''' FOR UPDATE OF l', letterbox._letters(w))
      INTO l USING letter, me;
    IF l.id IS NULL OR NOT EXISTS (SELECT 1 FROM letterbox._readers(l.id) r WHERE r = sec.membership()) THEN PERFORM letterbox._no('receipt'); END IF;
    IF l.due_at > at OR l.reminded_at > at - interval '24 hours' THEN PERFORM letterbox._no('reminded'); END IF;
    FOR c IN SELECT * FROM (VALUES (w, me, 'out'), (l.world, l.other_agency_id, 'in')) v (world, agency, direction) LOOP
        EXECUTE format('UPDATE %s SET reminded_at = $1 WHERE letter_id = $2 AND agency_id = $3 AND direction = $4', letterbox._letters(c.world))
          USING at, letter, c.agency, c.direction;
    END LOOP;
    -- Whom the steps of the recipient's rule tell, all of them.
    EXECUTE format('INSERT INTO %s (id, version, agency_id, unit_id, person_id, deadline_id, rule, step, severity, audience, due_at, raised_at, dedup_key)
        SELECT gen_random_uuid(), 1, x.agency_id, (SELECT u.id FROM base.coordination_unit u WHERE u.group_id = x.desk_group_id), x.person_id, x.id, x.rule, -1,
               ''overdue'', s.audience, x.due_at, $1, format(''%%s:%%s:%%s:reminder'', x.rule, x.id, (extract(epoch FROM $1) * 1000000)::bigint)
          FROM %s x, (SELECT array_agg(DISTINCT role) AS audience FROM base.coordination_deadlinestep d, unnest(d.audience) role
                       WHERE d.rule = (SELECT y.rule FROM %2$s y WHERE y.letter_id = $2 AND y.agency_id = $3 AND y.direction = ''in'')) s
         WHERE x.letter_id = $2 AND x.agency_id = $3 AND x.direction = ''in'' AND s.audience IS NOT NULL', letterbox._alerts(l.world), letterbox._letters(l.world))
      USING at, letter, l.other_agency_id;
    PERFORM audit._append('remind', 'letter', ARRAY[letter], CASE WHEN l.person_id IS NULL THEN '{}' ELSE ARRAY[l.person_id] END, '', NULL);
END $$;

-- What was sent stands, as before; that the sender asked again is added, and only moves on.
CREATE OR REPLACE FUNCTION letterbox._immutable() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE once constant text[] := ARRAY['person_id', 'read_at', 'acknowledged_at', 'acknowledged_by', 'answered_at', 'answered_by_letter', 'filed_at',
    'filed_reference', 'settled_at', 'superseded_by']; moving constant text[] := ARRAY['next_step', 'next_alert_at', 'reminded_at'];
    was jsonb; becomes jsonb; c text;
BEGIN
    IF TG_OP <> 'UPDATE' OR NEW.reminded_at < OLD.reminded_at OR (OLD.reminded_at IS NOT NULL AND NEW.reminded_at IS NULL) THEN
        RAISE EXCEPTION 'a letter never changes'; END IF;
    was := to_jsonb(OLD) - moving; becomes := to_jsonb(NEW) - moving;
    IF was - once <> becomes - once THEN RAISE EXCEPTION 'a letter never changes'; END IF;
    FOREACH c IN ARRAY once LOOP
        IF coalesce(was->>c, '') <> '' AND was->c <> becomes->c THEN RAISE EXCEPTION 'a letter never changes'; END IF;
    END LOOP;
    RETURN NEW;
END $$;

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA letterbox FROM PUBLIC;
GRANT EXECUTE ON FUNCTION letterbox.enclose(uuid, int, bytea), letterbox.readers(uuid), letterbox.hand_on(uuid, text, uuid, text, text),
    letterbox.seen(uuid), letterbox.remind(uuid) TO {content_roles};
GRANT EXECUTE ON FUNCTION letterbox._enclosed(), letterbox._stands_beside(), letterbox._never(), letterbox._beside_follows() TO samvirke_owner;
