-- Who did what, in the same transaction as the doing. Owned by samvirke_audit; the application has no privilege on the tables.
-- Actor and agency come from the identity of the transaction, never from a parameter. No content, only ids.

CREATE TABLE audit.entry (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    user_id uuid,
    membership_id uuid,
    agency_id uuid,
    action text NOT NULL,
    subject_table text NOT NULL,
    object_ids uuid[] NOT NULL,
    person_ids uuid[] NOT NULL,
    purpose text NOT NULL,
    request uuid,
    leaf bytea NOT NULL
);
CREATE INDEX entry_xid ON audit.entry (xid);
CREATE INDEX entry_agency ON audit.entry (agency_id, seq);
CREATE INDEX entry_person ON audit.entry USING gin (person_ids);

-- A sealed batch: every row whose transaction was over when the batch closed, so the set can never change again.
CREATE TABLE audit.seal (
    id bigint PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    below xid8 NOT NULL,
    entries bigint NOT NULL,
    hash bytea NOT NULL
);

CREATE FUNCTION audit._leaf(e audit.entry) RETURNS bytea LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT sha256(convert_to(concat_ws('|', e.seq, e.xid, (extract(epoch FROM e.at) * 1000000)::bigint, coalesce(e.user_id::text, '-'),
        coalesce(e.membership_id::text, '-'), coalesce(e.agency_id::text, '-'), e.action, e.subject_table, e.object_ids::text, e.person_ids::text,
        e.purpose, coalesce(e.request::text, '-')), 'UTF8'))
$$;

CREATE FUNCTION audit._hash_on_insert() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN NEW.leaf := audit._leaf(NEW); RETURN NEW; END $$;
CREATE TRIGGER leaf BEFORE INSERT ON audit.entry FOR EACH ROW EXECUTE FUNCTION audit._hash_on_insert();

CREATE FUNCTION audit._append_only() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.entry FOR EACH STATEMENT EXECUTE FUNCTION audit._append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.seal FOR EACH STATEMENT EXECUTE FUNCTION audit._append_only();

CREATE FUNCTION audit._append(act text, tab text, ids uuid[], persons uuid[], why text, req uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE c text[] := sec.ctx();
BEGIN
    INSERT INTO audit.entry (user_id, membership_id, agency_id, action, subject_table, object_ids, person_ids, purpose, request, leaf)
    VALUES (c[3]::uuid, c[4]::uuid, c[5]::uuid, act, tab, ids, persons, why, req, '');
END $$;

-- One request's reads: [{action, table, ids, persons, purpose}], written last before commit.
CREATE FUNCTION audit.write(entries jsonb, req uuid) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE e jsonb; n int := 0;
BEGIN
    IF sec.ctx() IS NULL THEN RAISE EXCEPTION 'nobody is acting' USING errcode = 'insufficient_privilege'; END IF;
    FOR e IN SELECT * FROM jsonb_array_elements(entries) LOOP
        PERFORM audit._append(e->>'action', e->>'table',
            ARRAY(SELECT x::uuid FROM jsonb_array_elements_text(e->'ids') x),
            ARRAY(SELECT x::uuid FROM jsonb_array_elements_text(e->'persons') x), coalesce(e->>'purpose', ''), req);
        n := n + 1;
    END LOOP;
    RETURN n;
END $$;

-- Every write to a walled table, one row a statement, whoever makes it and by whatever code.
-- Argument: the column that names the person, or '' where the row is about nobody.
CREATE FUNCTION audit.wrote() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE ids uuid[]; persons uuid[] := '{}';
BEGIN
    SELECT array_agg(id) INTO ids FROM changed;
    IF ids IS NULL THEN RETURN NULL; END IF;
    IF TG_ARGV[0] <> '' THEN
        EXECUTE format('SELECT coalesce(array_agg(DISTINCT %I) FILTER (WHERE %1$I IS NOT NULL), ''{}'') FROM changed', TG_ARGV[0]) INTO persons;
    END IF;
    PERFORM audit._append(lower(TG_OP), TG_TABLE_NAME, ids, persons, '', NULL);
    RETURN NULL;
END $$;

CREATE FUNCTION audit.seal_batch() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE last audit.seal; b xid8; n bigint; h bytea;
BEGIN
    -- One sealer at a time; a second one finds nothing new.
    PERFORM pg_advisory_xact_lock(hashtext('audit.seal'));
    SELECT * INTO last FROM audit.seal ORDER BY id DESC LIMIT 1;
    b := pg_snapshot_xmin(pg_current_snapshot());
    SELECT count(*), sha256(coalesce(last.hash, '') || coalesce(string_agg(e.leaf, ''::bytea ORDER BY e.seq), ''))
      INTO n, h FROM audit.entry e WHERE e.xid < b AND (last.id IS NULL OR e.xid >= last.below);
    IF n = 0 THEN RETURN 0; END IF;
    INSERT INTO audit.seal (id, below, entries, hash) VALUES (coalesce(last.id, 0) + 1, b, n, h);
    RETURN n;
END $$;

-- Every break, one row each; no row when the log is whole.
CREATE FUNCTION audit.verify() RETURNS TABLE (problem text, place text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE s audit.seal; prev audit.seal; n bigint; h bytea;
BEGIN
    RETURN QUERY SELECT 'altered entry', e.seq::text FROM audit.entry e WHERE e.leaf <> audit._leaf(e);
    FOR s IN SELECT * FROM audit.seal ORDER BY id LOOP
        IF s.id <> coalesce(prev.id, 0) + 1 THEN RETURN QUERY SELECT 'missing seal', (coalesce(prev.id, 0) + 1)::text; END IF;
        SELECT count(*), sha256(coalesce(prev.hash, '') || coalesce(string_agg(e.leaf, ''::bytea ORDER BY e.seq), ''))
          INTO n, h FROM audit.entry e WHERE e.xid < s.below AND (prev.id IS NULL OR e.xid >= prev.below);
        IF n <> s.entries THEN RETURN QUERY SELECT 'entries added or removed in batch', s.id::text;
        ELSIF h <> s.hash THEN RETURN QUERY SELECT 'batch does not match its seal', s.id::text; END IF;
        prev := s;
    END LOOP;
END $$;

-- The heads to keep outside the database.
CREATE FUNCTION audit.head() RETURNS TABLE (id bigint, hash text) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ SELECT s.id, encode(s.hash, 'hex') FROM audit.seal s ORDER BY s.id DESC LIMIT 1 $$;

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA audit FROM PUBLIC;
GRANT USAGE ON SCHEMA audit TO samvirke_owner, samvirke_postman, samvirke_sweep, {content_roles}, samvirke_admin;
GRANT EXECUTE ON FUNCTION audit.write(jsonb, uuid) TO {content_roles}, samvirke_admin;
GRANT EXECUTE ON FUNCTION audit.wrote() TO samvirke_owner;
GRANT EXECUTE ON FUNCTION audit._append(text, text, uuid[], uuid[], text, uuid) TO samvirke_postman;
GRANT EXECUTE ON FUNCTION audit.seal_batch(), audit.verify(), audit.head() TO samvirke_sweep;
