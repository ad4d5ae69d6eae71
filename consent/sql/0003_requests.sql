-- Requests for information (straffegjennomføringsloven § 7 a): only a person named by the warden asks, whatever the application thinks;
-- and the health side answers each request once. Triggers, so that the postman itself stays as it is.

-- Whether a membership may ask and receive today: its newest authorisation says so.
CREATE FUNCTION letterbox._named(member uuid, agency uuid) RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce((SELECT NOT a.ended AND (now() AT TIME ZONE 'Europe/Oslo')::date BETWEEN a.valid_from AND a.valid_to
        FROM base.consent_requestauthorisation a WHERE a.membership_id = member AND a.agency_id = agency ORDER BY a.set_at DESC, a.id DESC LIMIT 1), false)
$$;

CREATE FUNCTION letterbox._asked_by_named() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.direction = 'out' AND NEW.kind IN ('information_request', 'danger_information_request')
       AND NOT letterbox._named(NEW.sender_membership_id, NEW.agency_id) THEN PERFORM letterbox._no('authorisation'); END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION letterbox._answers_request() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE asked record;
BEGIN
    IF NEW.direction <> 'out' OR NEW.kind NOT IN ('information_answer', 'information_declined', 'information_question') THEN RETURN NEW; END IF;
    -- Locked: of two who answer at once, the second finds it answered.
    EXECUTE format('SELECT l.kind, l.answered_at FROM %I.%I l WHERE l.letter_id = $1 AND l.agency_id = $2 AND l.direction = ''in'' FOR UPDATE',
        TG_TABLE_SCHEMA, TG_TABLE_NAME) INTO asked USING NEW.in_reply_to, NEW.agency_id;
    IF asked.kind IS NULL OR asked.kind NOT IN ('information_request', 'danger_information_request') THEN PERFORM letterbox._no('reply'); END IF;
    IF asked.answered_at IS NOT NULL AND NEW.supersedes IS NULL THEN PERFORM letterbox._no('answered'); END IF;
    -- The ground of danger answers a request made on danger, no other.
    IF NEW.basis = 'LB09' AND asked.kind <> 'danger_information_request' THEN PERFORM letterbox._no('basis'); END IF;
    RETURN NEW;
END $$;

-- An authorisation is given by a warden to somebody else in the same prison, and is only ever followed by another.
CREATE FUNCTION letterbox._given_by_warden() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN RAISE EXCEPTION 'an authorisation never changes'; END IF;
    IF NEW.set_by_id IS DISTINCT FROM sec.membership() OR NEW.agency_id IS DISTINCT FROM sec.whole_agency() OR sec.world() IS DISTINCT FROM 'custody'
       OR NOT EXISTS (SELECT 1 FROM base.coordination_membership m WHERE m.id = NEW.set_by_id AND m.role = 'warden')
       OR NOT EXISTS (SELECT 1 FROM base.coordination_membership m WHERE m.id = NEW.membership_id AND m.agency_id = NEW.agency_id) THEN
        RAISE EXCEPTION 'only a warden names who may ask' USING errcode = '42501'; END IF;
    RETURN NEW;
END $$;

REVOKE EXECUTE ON FUNCTION letterbox._named(uuid, uuid), letterbox._asked_by_named(), letterbox._answers_request(), letterbox._given_by_warden() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION letterbox._asked_by_named(), letterbox._answers_request(), letterbox._given_by_warden() TO samvirke_owner;
