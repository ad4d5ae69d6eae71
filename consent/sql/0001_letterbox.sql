-- The postman: the only code that writes across the wall. Owned by samvirke_postman. Sender and agency come from the identity.
-- deliver writes both copies or neither; receipt carries read / acknowledged / filed back. Every refusal raises and writes nothing.

CREATE FUNCTION letterbox._letters(world text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE world WHEN 'custody' THEN 'custody.consent_custodyletter' WHEN 'municipal_health' THEN 'municipal_health.consent_municipalletter'
                      WHEN 'specialist_health' THEN 'specialist_health.consent_specialistletter' END $$;
CREATE FUNCTION letterbox._subjects(world text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE world WHEN 'custody' THEN 'custody.coordination_person' WHEN 'municipal_health' THEN 'municipal_health.coordination_municipalpatient'
                      WHEN 'specialist_health' THEN 'specialist_health.coordination_specialistpatient' END $$;
CREATE FUNCTION letterbox._grants(world text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE world WHEN 'custody' THEN 'custody.coordination_persongrant' WHEN 'municipal_health' THEN 'municipal_health.coordination_municipalpatientgrant'
                      WHEN 'specialist_health' THEN 'specialist_health.coordination_specialistpatientgrant' END $$;
CREATE FUNCTION letterbox._consents(world text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE world WHEN 'custody' THEN 'custody.consent_custodyconsent' WHEN 'municipal_health' THEN 'municipal_health.consent_municipalconsent'
                      WHEN 'specialist_health' THEN 'specialist_health.consent_specialistconsent' END $$;

CREATE FUNCTION letterbox._no(why text) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN RAISE EXCEPTION '%', why USING errcode = 'SV001'; END $$;

-- Whether the acting membership may know of this person: own agency, and a grant where the reach is a unit.
CREATE FUNCTION letterbox._knows(person uuid) RETURNS boolean LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE yes boolean;
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %s p WHERE p.id = $1 AND p.agency_id = sec.agency() AND (sec.whole_agency() IS NOT NULL OR EXISTS
        (SELECT 1 FROM %s g WHERE g.content_object_id = p.id AND g.agency_id = p.agency_id AND g.group_id = ANY (sec.groups()))))',
        letterbox._subjects(sec.world()), letterbox._grants(sec.world())) INTO yes USING person;
    RETURN yes;
END $$;

-- Typed content: every required field present and not blank, no field that the kind does not have, every value of its type.
-- Dates and instants travel as text: a date that exists, an instant in UTC; a list holds texts only.
CREATE FUNCTION letterbox._check_body(fields jsonb, body jsonb) RETURNS void LANGUAGE plpgsql STABLE SET search_path = pg_catalog, letterbox, pg_temp AS $$
DECLARE f jsonb; k text; v jsonb; t text;
BEGIN
    IF body IS NULL OR jsonb_typeof(body) <> 'object' OR length(body::text) > 60000 THEN PERFORM letterbox._no('body'); END IF;
    FOR k IN SELECT jsonb_object_keys(body) LOOP
        IF NOT fields @> jsonb_build_array(jsonb_build_object('name', k)) THEN PERFORM letterbox._no('field:' || left(k, 40)); END IF;
    END LOOP;
    FOR f IN SELECT * FROM jsonb_array_elements(fields) LOOP
        v := body -> (f->>'name');
        t := v #>> '{}';
        IF t IS NULL OR btrim(t, E' \t\r\n') = '' OR v = '[]' THEN
            IF (f->>'required')::boolean THEN PERFORM letterbox._no('missing:' || (f->>'name')); END IF;
        ELSIF jsonb_typeof(v) <> (f->>'type') OR (f->>'form' = 'date' AND NOT (t ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' AND pg_input_is_valid(t, 'date')))
           OR (f->>'form' = 'instant' AND NOT (t ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{5,15}(Z|[+]00:00)$' AND pg_input_is_valid(t, 'timestamptz')))
           OR (jsonb_typeof(v) = 'array' AND jsonb_path_exists(v, '$[*] ? (@.type() != "string")')) THEN
            PERFORM letterbox._no('type:' || (f->>'name'));
        END IF;
    END LOOP;
END $$;

CREATE FUNCTION letterbox.deliver(
    recipient uuid, what text, body jsonb, about uuid, ground text, necessity text DEFAULT '', consent uuid DEFAULT NULL,
    informed boolean DEFAULT NULL, is_verified boolean DEFAULT true, reply_to uuid DEFAULT NULL, corrects uuid DEFAULT NULL
) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    me uuid := sec.agency(); w text := sec.world(); at timestamptz := clock_timestamp(); today date := (at AT TIME ZONE 'Europe/Oslo')::date;
    m base.coordination_membership; r base.coordination_agency; k base.consent_letterkindrow; b base.consent_legalbasis; st text;
    letter uuid := gen_random_uuid(); thread uuid; digest bytea := sha256(convert_to(body::text, 'UTF8'));
    old record; old_thread uuid; their_person uuid; desk int; mine_desk int; ok boolean; answers boolean := false; due timestamptz;
    cols constant text := '(id, agency_id, version, letter_id, thread_id, direction, kind, other_agency_id, sender_name, sender_role,
        sender_membership_id, body, digest, basis, statute, necessity, consent_id, inmate_informed, verified, in_reply_to, supersedes,
        desk_group_id, sent_at, acknowledged_by, filed_reference, awaits, rule, due_at, settled_at, next_step, next_alert_at, person_id)';
BEGIN
    IF me IS NULL THEN PERFORM letterbox._no('nobody acts'); END IF;
    SELECT * INTO STRICT m FROM base.coordination_membership x WHERE x.id = sec.membership();
    SELECT * INTO r FROM base.coordination_agency x WHERE x.id = recipient AND x.closed_on IS NULL AND x.id <> me;
    IF NOT FOUND THEN PERFORM letterbox._no('recipient'); END IF;
    SELECT * INTO k FROM base.consent_letterkindrow x WHERE x.code = what;
    IF NOT FOUND OR NOT w = ANY (k.senders) OR NOT r.world = ANY (k.recipients) OR NOT m.role = ANY (k.sender_roles) THEN
        PERFORM letterbox._no('kind'); END IF;
    PERFORM letterbox._check_body(k.fields, body);
    IF about IS NULL OR NOT letterbox._knows(about) THEN PERFORM letterbox._no('person'); END IF;

    SELECT * INTO b FROM base.consent_legalbasis x WHERE x.code = ground AND x.code = ANY (k.bases)
       AND w = ANY (x.senders) AND r.world = ANY (x.recipients) AND (x.routes = '{}' OR (w || '>' || r.world) = ANY (x.routes));
    IF NOT FOUND THEN PERFORM letterbox._no('basis'); END IF;
    SELECT v.statute INTO st FROM base.consent_legalbasisversion v
     WHERE v.basis_id = b.code AND v.valid_from <= today AND (v.valid_to IS NULL OR v.valid_to >= today);
    IF NOT FOUND THEN PERFORM letterbox._no('basis not in force'); END IF;
    IF b.needs = 'necessity' AND length(btrim(coalesce(necessity, ''))) < 20 THEN PERFORM letterbox._no('proof'); END IF;
    IF b.needs = 'consent' THEN
        -- In force at this very statement: signed, in period, not withdrawn, and it names this recipient and this kind of information.
        EXECUTE format('SELECT true FROM %s c WHERE c.id = $1 AND c.agency_id = $2 AND c.person_id = $3 AND $4 = ANY (c.recipients)
            AND $5 = ANY (c.categories) AND c.withdrawn_at IS NULL AND c.signed_at <= clock_timestamp() AND $6 BETWEEN c.valid_from AND c.valid_to', letterbox._consents(w))
          INTO ok USING consent, me, about, recipient, k.category, today;
        IF ok IS NOT TRUE THEN PERFORM letterbox._no('proof'); END IF;
    END IF;

    thread := letter;
    IF reply_to IS NOT NULL THEN
        -- Either an answer to what came from them, or the next letter after one's own; only the first stops their clock.
        -- What lies on the desk of another unit is not answered either: whoever may not read a letter may not use it.
        EXECUTE format('SELECT thread_id, direction = ''in'' AS came FROM %s l WHERE l.letter_id = $1 AND l.agency_id = $2 AND l.other_agency_id = $3
            AND (l.person_id = $4 OR (l.person_id IS NULL AND (sec.whole_agency() IS NOT NULL OR l.desk_group_id = ANY (sec.groups()))))', letterbox._letters(w))
          INTO old USING reply_to, me, recipient, about;
        IF old.thread_id IS NULL THEN PERFORM letterbox._no('reply'); END IF;
        thread := old.thread_id; answers := old.came;
    END IF;
    IF b.on_request AND NOT answers THEN PERFORM letterbox._no('proof'); END IF;
    IF corrects IS NOT NULL THEN
        -- Locked, so that of two corrections at once the second finds it done. Sender's copy first, everywhere: no deadlock.
        EXECUTE format('SELECT thread_id FROM %s l WHERE l.letter_id = $1 AND l.agency_id = $2 AND l.other_agency_id = $3 AND l.direction = ''out''
            AND l.kind = $4 AND l.superseded_by IS NULL AND l.person_id = $5 FOR UPDATE', letterbox._letters(w))
          INTO old_thread USING corrects, me, recipient, what, about;
        IF old_thread IS NULL OR (reply_to IS NOT NULL AND old_thread <> thread) THEN PERFORM letterbox._no('correction'); END IF;
        thread := old_thread;
    END IF;
    -- The recipient's own person, known from the thread: never looked up by name or number across the wall.
    EXECUTE format('SELECT l.person_id FROM %s l WHERE l.thread_id = $1 AND l.agency_id = $2 AND l.person_id IS NOT NULL ORDER BY l.sent_at DESC LIMIT 1',
        letterbox._letters(r.world)) INTO their_person USING thread, recipient;
    -- Whose desk it lands on: the unit the person is in. While it is about nobody known there, the unit that serves the sender, else a
    -- reception or a team. Never a department: officers of a wing have no need to know; then only those who work for the whole agency see it.
    EXECUTE format('SELECT u.group_id FROM %s p JOIN base.coordination_unit u ON u.id = p.unit_id WHERE p.id = $1 AND p.agency_id = $2',
        letterbox._subjects(r.world)) INTO desk USING their_person, recipient;
    IF desk IS NULL THEN SELECT u.group_id INTO desk FROM base.coordination_unit u WHERE u.agency_id = recipient AND u.closed_on IS NULL
       AND (u.serves_id = me OR (u.serves_id IS NULL AND u.kind IN ('desk', 'team')))
     ORDER BY (u.serves_id = me) DESC NULLS LAST, (u.kind = 'desk') DESC, u.name LIMIT 1; END IF;
    EXECUTE format('SELECT u.group_id FROM %s p JOIN base.coordination_unit u ON u.id = p.unit_id WHERE p.id = $1', letterbox._subjects(w)) INTO mine_desk USING about;

    due := at + make_interval(mins => k.due_minutes);
    -- The sender waits; the recipient owes. Both copies carry the same clock, each with its own rule for whom to alert.
    EXECUTE format('INSERT INTO %s %s VALUES (gen_random_uuid(), $1, 1, $2, $3, ''out'', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
        $19, $20, '''', '''', $21, $22, $23, $24, 0, $25, $26)', letterbox._letters(w), cols)
      USING me, letter, thread, what, recipient, m.display_name, m.role, m.id, body, digest, ground, st, coalesce(necessity, ''), consent, informed, is_verified,
            reply_to, corrects, mine_desk, at, k.awaits, k.sender_rule, due, CASE WHEN k.awaits = '' THEN at END,
            letterbox._first_alert(k.sender_rule, at, due), about;
    EXECUTE format('INSERT INTO %s %s VALUES (gen_random_uuid(), $1, 1, $2, $3, ''in'', $4, $5, $6, $7, NULL, $8, $9, $10, $11, $12, NULL, $13, $14, $15, $16,
        $17, $18, '''', '''', $19, $20, $21, $22, 0, $23, $24)', letterbox._letters(r.world), cols)
      USING recipient, letter, thread, what, me, m.display_name, m.role, body, digest, ground, st, coalesce(necessity, ''), informed, is_verified,
            reply_to, corrects, desk, at, k.awaits, k.recipient_rule, due, CASE WHEN k.awaits = '' THEN at END,
            letterbox._first_alert(k.recipient_rule, at, due), their_person;
    IF answers THEN
        PERFORM letterbox._stamp(reply_to, me, w, recipient, r.world, 'answered', m.display_name, '', letter); END IF;
    IF corrects IS NOT NULL THEN
        FOR old IN SELECT * FROM (VALUES (w, me, 'out'), (r.world, recipient, 'in')) v (world, agency, direction) LOOP
            EXECUTE format('UPDATE %s SET superseded_by = $1, settled_at = coalesce(settled_at, $2), next_alert_at = NULL
                WHERE letter_id = $3 AND agency_id = $4 AND direction = $5', letterbox._letters(old.world)) USING letter, at, corrects, old.agency, old.direction;
        END LOOP;
    END IF;
    PERFORM audit._append('disclose', what, ARRAY[letter], ARRAY[about], ground, NULL);
    RETURN letter;
END $$;

CREATE FUNCTION letterbox._first_alert(which text, starts timestamptz, due timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN s.from_start THEN starts ELSE due END + make_interval(secs => s.offset_seconds)
      FROM base.coordination_deadlinestep s WHERE s.rule = which AND s.step = 0
$$;

-- Puts a receipt on both copies. Instants are set once and never moved.
CREATE FUNCTION letterbox._stamp(letter uuid, reader uuid, reader_world text, writer uuid, writer_world text, event text, who text, reference text, answer uuid)
RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE c record; at timestamptz := clock_timestamp();
BEGIN
    FOR c IN SELECT * FROM (VALUES (writer_world, writer, 'out'), (reader_world, reader, 'in')) v (world, agency, direction) LOOP
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

CREATE FUNCTION letterbox.receipt(letter uuid, event text, reference text DEFAULT '') RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE me uuid := sec.agency(); w text := sec.world(); l record; m text; ow text;
BEGIN
    IF me IS NULL OR event NOT IN ('read', 'acknowledged', 'filed') THEN PERFORM letterbox._no('receipt'); END IF;
    IF event = 'filed' AND (btrim(coalesce(reference, '')) = '' OR length(btrim(reference)) > 60) THEN PERFORM letterbox._no('reference'); END IF;
    EXECUTE format('SELECT l.other_agency_id, l.person_id, l.desk_group_id FROM %s l WHERE l.letter_id = $1 AND l.agency_id = $2 AND l.direction = ''in''',
        letterbox._letters(w)) INTO l USING letter, me;
    IF l.other_agency_id IS NULL THEN PERFORM letterbox._no('receipt'); END IF;
    -- IS NOT TRUE: a letter that lies on no desk gives NULL here, and unknown is no.
    IF sec.whole_agency() IS NULL AND (CASE WHEN l.person_id IS NULL THEN l.desk_group_id = ANY (sec.groups()) ELSE letterbox._knows(l.person_id) END) IS NOT TRUE THEN
        PERFORM letterbox._no('receipt'); END IF;
    SELECT x.display_name INTO STRICT m FROM base.coordination_membership x WHERE x.id = sec.membership();
    SELECT a.world INTO STRICT ow FROM base.coordination_agency a WHERE a.id = l.other_agency_id;
    PERFORM letterbox._stamp(letter, me, w, l.other_agency_id, ow, event, m, btrim(reference), NULL);
    PERFORM audit._append(event, 'letter', ARRAY[letter], CASE WHEN l.person_id IS NULL THEN '{}' ELSE ARRAY[l.person_id] END, '', NULL);
END $$;

-- What was sent stands. Receipts and the person are filled in once, the sweep moves its own mark, and nothing else ever changes.
CREATE FUNCTION letterbox._immutable() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE once constant text[] := ARRAY['person_id', 'read_at', 'acknowledged_at', 'acknowledged_by', 'answered_at', 'answered_by_letter', 'filed_at',
    'filed_reference', 'settled_at', 'superseded_by']; was jsonb; becomes jsonb; c text;
BEGIN
    IF TG_OP <> 'UPDATE' THEN RAISE EXCEPTION 'a letter never changes'; END IF;
    was := to_jsonb(OLD) - ARRAY['next_step', 'next_alert_at']; becomes := to_jsonb(NEW) - ARRAY['next_step', 'next_alert_at'];
    IF was - once <> becomes - once THEN RAISE EXCEPTION 'a letter never changes'; END IF;
    FOREACH c IN ARRAY once LOOP
        IF coalesce(was->>c, '') <> '' AND was->c <> becomes->c THEN RAISE EXCEPTION 'a letter never changes'; END IF;
    END LOOP;
    RETURN NEW;
END $$;

-- A consent stands as it was signed. It can be withdrawn, once; and it goes along to another prison with the person.
CREATE FUNCTION letterbox._stands_as_signed() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE may constant text[] := ARRAY['withdrawn_at', 'withdrawn_note', 'version', 'agency_id'];
BEGIN
    IF TG_OP <> 'UPDATE' THEN RAISE EXCEPTION 'a consent never changes'; END IF;
    IF to_jsonb(OLD) - may <> to_jsonb(NEW) - may
       OR (OLD.withdrawn_at IS NOT NULL AND (OLD.withdrawn_at, OLD.withdrawn_note) IS DISTINCT FROM (NEW.withdrawn_at, NEW.withdrawn_note)) THEN
        RAISE EXCEPTION 'a consent never changes'; END IF;
    RETURN NEW;
END $$;

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA letterbox FROM PUBLIC;
GRANT EXECUTE ON FUNCTION letterbox.deliver(uuid, text, jsonb, uuid, text, text, uuid, boolean, boolean, uuid, uuid), letterbox.receipt(uuid, text, text)
    TO {content_roles};
GRANT EXECUTE ON FUNCTION letterbox._immutable(), letterbox._stands_as_signed() TO samvirke_owner;
