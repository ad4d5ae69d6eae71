-- The postman asks more of a consent (superseded, narrowed), hears objections, and takes letters about nobody: findings about a place, an
-- anonymised fact. Signatures are those of 0001; grants stand.

CREATE FUNCTION letterbox._objections(world text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE world WHEN 'municipal_health' THEN 'municipal_health.consent_municipalobjection'
                      WHEN 'specialist_health' THEN 'specialist_health.consent_specialistobjection' END $$;
CREATE FUNCTION letterbox._overrides(world text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE world WHEN 'municipal_health' THEN 'municipal_health.consent_municipalobjectionoverride'
                      WHEN 'specialist_health' THEN 'specialist_health.consent_specialistobjectionoverride' END $$;

-- Whether an objection stands against this recipient and this kind of information; with `known_at`, one that came after that instant.
-- An empty list of the objection means everybody, everything. A prison keeps no objections: none of its grounds meets one.
CREATE FUNCTION letterbox._objected(world text, agency uuid, person uuid, recipient uuid, category text, known_at timestamptz) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE yes boolean;
BEGIN
    IF letterbox._objections(world) IS NULL THEN RETURN false; END IF;
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %s o WHERE o.agency_id = $1 AND o.person_id = $2 AND o.lifted_at IS NULL
        AND (o.recipients = ''{}'' OR $3 = ANY (o.recipients)) AND (o.categories = ''{}'' OR $4 = ANY (o.categories))
        AND ($5 IS NULL OR o.recorded_at > $5))', letterbox._objections(world)) INTO yes USING agency, person, recipient, category, known_at;
    RETURN yes;
END $$;

CREATE OR REPLACE FUNCTION letterbox.deliver(
    recipient uuid, what text, body jsonb, about uuid, ground text, necessity text DEFAULT '', consent uuid DEFAULT NULL,
    informed boolean DEFAULT NULL, is_verified boolean DEFAULT true, reply_to uuid DEFAULT NULL, corrects uuid DEFAULT NULL
) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    me uuid := sec.agency(); w text := sec.world(); at timestamptz := clock_timestamp(); today date := (at AT TIME ZONE 'Europe/Oslo')::date;
    m base.coordination_membership; r base.coordination_agency; k base.consent_letterkindrow; b base.consent_legalbasis; st text;
    letter uuid := gen_random_uuid(); thread uuid; digest bytea := sha256(convert_to(body::text, 'UTF8'));
    old record; old_thread uuid; their_person uuid; desk int; mine_desk int; ok boolean; answers boolean := false; due timestamptz;
    nobody boolean;
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
    -- About nobody: a kind that may only go on the ground that nobody can be recognised, with no place for who it would be. Such a
    -- letter never names a person of the sender's either; every other kind must be about somebody the sender knows.
    nobody := k.bases = ARRAY['LB15']::varchar[] AND NOT jsonb_path_exists(k.fields,
        '$[*] ? (@.name == "family_name" || @.name == "given_name" || @.name == "birth_date" || @.name == "national_id")');
    IF (about IS NULL) <> nobody OR NOT (nobody OR letterbox._knows(about)) THEN PERFORM letterbox._no('person'); END IF;

    SELECT * INTO b FROM base.consent_legalbasis x WHERE x.code = ground AND x.code = ANY (k.bases)
       AND w = ANY (x.senders) AND r.world = ANY (x.recipients) AND (x.routes = '{}' OR (w || '>' || r.world) = ANY (x.routes));
    IF NOT FOUND THEN PERFORM letterbox._no('basis'); END IF;
    SELECT v.statute INTO st FROM base.consent_legalbasisversion v
     WHERE v.basis_id = b.code AND v.valid_from <= today AND (v.valid_to IS NULL OR v.valid_to >= today);
    IF NOT FOUND THEN PERFORM letterbox._no('basis not in force'); END IF;
    IF b.needs = 'necessity' AND length(btrim(coalesce(necessity, ''))) < 20 THEN PERFORM letterbox._no('proof'); END IF;
    IF b.needs = 'consent' THEN
        -- In force at this very statement: signed, in period, not withdrawn or superseded, and it names this recipient and this kind of information.
        -- What tells a named recipient about the consent itself (a copy, a change, a withdrawal) needs only that it stands and names them.
        EXECUTE format('SELECT true FROM %s c WHERE c.id = $1 AND c.agency_id = $2 AND c.person_id = $3 AND $4 = ANY (c.recipients)
            AND c.withdrawn_at IS NULL AND c.superseded_at IS NULL AND c.signed_at <= clock_timestamp()
            AND ($5 = ''consent'' OR ($5 = ANY (c.categories) AND $6 BETWEEN c.valid_from AND c.valid_to))', letterbox._consents(w))
          INTO ok USING consent, me, about, recipient, k.category, today;
        IF ok IS NOT TRUE THEN PERFORM letterbox._no('proof'); END IF;
    END IF;
    IF b.blocked_by = 'objection' AND NOT b.duty AND letterbox._objected(w, me, about, recipient, k.category, NULL) THEN
        -- The patient objects (helsepersonelloven § 29). Health personnel may set that aside once, with weighty reasons in writing: the key of
        -- that decision stands where the key of a consent would, and no second letter rests on it; a correction of the first is not a second.
        -- Two at once wait for each other here.
        IF consent IS NULL THEN PERFORM letterbox._no('objection'); END IF;
        PERFORM pg_advisory_xact_lock(hashtextextended(consent::text, 29));
        EXECUTE format('SELECT NOT letterbox._objected($7, $2, $3, $4, $6, o.recorded_at) AND NOT EXISTS (SELECT 1 FROM %s l
                WHERE l.agency_id = $2 AND l.direction = ''out'' AND l.consent_id = o.id AND l.superseded_by IS NULL AND l.letter_id IS DISTINCT FROM $8)
            FROM %s o WHERE o.id = $1 AND o.agency_id = $2 AND o.person_id = $3 AND o.recipient_id = $4 AND o.kind = $5',
            letterbox._letters(w), letterbox._overrides(w))
          INTO ok USING consent, me, about, recipient, what, k.category, w, corrects;
        IF ok IS NOT TRUE THEN PERFORM letterbox._no('objection'); END IF;
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
    -- About nobody, it lies on the desk of the sender's own unit, so that whoever wrote it can read it.
    IF nobody THEN mine_desk := (sec.groups())[1]; END IF;

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
    PERFORM audit._append('disclose', what, ARRAY[letter], CASE WHEN about IS NULL THEN '{}' ELSE ARRAY[about] END, ground, NULL);
    RETURN letter;
END $$;

-- A consent stands as it was signed. It can be narrowed (never widened) while it stands, withdrawn once, superseded once, filed once;
-- and it goes along to another prison with the person.
CREATE OR REPLACE FUNCTION letterbox._stands_as_signed() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE may constant text[] := ARRAY['withdrawn_at', 'withdrawn_note', 'superseded_at', 'superseded_by', 'own_reference', 'recipients', 'categories',
    'valid_to', 'version', 'agency_id'];
BEGIN
    IF TG_OP <> 'UPDATE' THEN RAISE EXCEPTION 'a consent never changes'; END IF;
    IF to_jsonb(OLD) - may <> to_jsonb(NEW) - may
       OR NOT (NEW.recipients <@ OLD.recipients AND NEW.categories <@ OLD.categories AND NEW.valid_to <= OLD.valid_to)
       OR NEW.recipients = '{}' OR NEW.categories = '{}'
       OR (OLD.withdrawn_at IS NOT NULL AND (OLD.withdrawn_at, OLD.withdrawn_note) IS DISTINCT FROM (NEW.withdrawn_at, NEW.withdrawn_note))
       OR (OLD.superseded_at IS NOT NULL AND (OLD.superseded_at, OLD.superseded_by) IS DISTINCT FROM (NEW.superseded_at, NEW.superseded_by))
       OR (OLD.own_reference <> '' AND OLD.own_reference <> NEW.own_reference) THEN
        RAISE EXCEPTION 'a consent never changes'; END IF;
    RETURN NEW;
END $$;

-- What was said in the talk stands; what competence was decided and how it ended are written once.
CREATE FUNCTION letterbox._ends_once() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE once constant text[] := ARRAY['competent', 'competence_reason', 'competence_at', 'competence_by', 'outcome', 'outcome_at', 'outcome_note', 'outcome_by',
    'consent_id', 'answered_at', 'answered_by', 'needed', 'reason', 'lifted_at', 'lifted_note', 'lifted_by'];
    may constant text[] := once || ARRAY['version', 'agency_id', 'doubt']; c text; was jsonb := to_jsonb(OLD); becomes jsonb := to_jsonb(NEW);
BEGIN
    IF TG_OP <> 'UPDATE' THEN RAISE EXCEPTION 'what was recorded never changes'; END IF;
    IF was - may <> becomes - may THEN RAISE EXCEPTION 'what was recorded never changes'; END IF;
    IF was->'doubt' = 'true' AND becomes->'doubt' <> 'true' THEN RAISE EXCEPTION 'what was recorded never changes'; END IF;
    FOREACH c IN ARRAY once LOOP
        IF coalesce(was->>c, '') <> '' AND was->c <> becomes->c THEN RAISE EXCEPTION 'what was recorded never changes'; END IF;
    END LOOP;
    RETURN NEW;
END $$;

-- Signed documents, events and overrides are only added; at most they go along to another prison with the person.
CREATE FUNCTION letterbox._only_added() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP <> 'UPDATE' OR to_jsonb(OLD) - ARRAY['agency_id', 'version'] <> to_jsonb(NEW) - ARRAY['agency_id', 'version'] THEN
        RAISE EXCEPTION 'what was recorded never changes'; END IF;
    RETURN NEW;
END $$;

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA letterbox FROM PUBLIC;
GRANT EXECUTE ON FUNCTION letterbox._stands_as_signed(), letterbox._ends_once(), letterbox._only_added() TO samvirke_owner;
