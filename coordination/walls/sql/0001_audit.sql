-- Who did what, in the same transaction as the doing. Owned by samvirke_audit; the application has no privilege on the tables.
-- Actor and agency come from the identity of the transaction, never from a parameter. No content, only ids.

-- `cluster` names the server whose transaction numbers `xid` is counted in: after a restore on another server they begin anew.
CREATE TABLE audit.entry (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    cluster bigint NOT NULL DEFAULT ((pg_control_system()).system_identifier),
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
CREATE INDEX entry_xid ON audit.entry (cluster, xid);
CREATE INDEX entry_agency ON audit.entry (agency_id, seq);
CREATE INDEX entry_person ON audit.entry USING gin (person_ids);

-- A sealed batch: every row whose transaction was over when the batch closed, so the set can never change again. The hash covers the
-- seal before it, this row and the leaves. `snapshot` and `started_at` say which transactions can have written before this instant.
CREATE TABLE audit.seal (
    id bigint PRIMARY KEY,
    cluster bigint NOT NULL,
    started_at timestamptz NOT NULL,
    at timestamptz NOT NULL,
    snapshot pg_snapshot,
    below xid8 NOT NULL,
    entries bigint NOT NULL,
    hash bytea NOT NULL
);
CREATE INDEX seal_of_cluster ON audit.seal (cluster, id);

-- The newest seal once more, so that cutting off the end shows.
CREATE TABLE audit.tip (one boolean PRIMARY KEY DEFAULT true CHECK (one), seal bigint NOT NULL, hash bytea NOT NULL);

-- In plpgsql, whose plan is kept from one row to the next.
CREATE FUNCTION audit._leaf(e audit.entry) RETURNS bytea LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN sha256(convert_to(concat_ws('|', e.seq, e.cluster, e.xid, (extract(epoch FROM e.at) * 1000000)::bigint, coalesce(e.user_id::text, '-'),
        coalesce(e.membership_id::text, '-'), coalesce(e.agency_id::text, '-'), quote_literal(e.action), quote_literal(e.subject_table),
        e.object_ids::text, e.person_ids::text, quote_literal(e.purpose), coalesce(e.request::text, '-')), 'UTF8'));
END $$;

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

-- One request's reads: [{action, table, ids, persons, purpose}], written last before commit, in their order.
CREATE FUNCTION audit.write(entries jsonb, req uuid) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE c text[] := sec.ctx(); n int;
BEGIN
    IF c IS NULL THEN RAISE EXCEPTION 'nobody is acting' USING errcode = 'insufficient_privilege'; END IF;
    INSERT INTO audit.entry (user_id, membership_id, agency_id, action, subject_table, object_ids, person_ids, purpose, request, leaf)
    SELECT c[3]::uuid, c[4]::uuid, c[5]::uuid, e->>'action', e->>'table',
           ARRAY(SELECT x::uuid FROM jsonb_array_elements_text(e->'ids') x),
           ARRAY(SELECT x::uuid FROM jsonb_array_elements_text(e->'persons') x), coalesce(e->>'purpose', ''), write.req, ''
      FROM jsonb_array_elements(entries) WITH ORDINALITY AS each (e, place) ORDER BY place;
    GET DIAGNOSTICS n = ROW_COUNT;
    RETURN n;
END $$;

-- Every write to a walled table, one row a statement, whoever makes it and by whatever code.
-- Argument: the column that names the person, or '' where the row is about nobody.
-- The postman writes into another agency's tables; that agency's log says that a row came, not who sent it, and the sender's log never
-- holds the key of the recipient's person.
CREATE FUNCTION audit.wrote() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE c text[] := sec.ctx(); person text := CASE TG_ARGV[0] WHEN '' THEN 'NULL::uuid' ELSE quote_ident(TG_ARGV[0]) END;
BEGIN
    EXECUTE format('INSERT INTO audit.entry (user_id, membership_id, agency_id, action, subject_table, object_ids, person_ids, purpose, leaf)
        SELECT CASE WHEN ours THEN $1 END, CASE WHEN ours THEN $2 END, CASE WHEN ours THEN $3 ELSE owner END,
               CASE WHEN ours THEN $4 ELSE ''received'' END, $5, ids, persons, '''', ''''
          FROM (SELECT agency_id AS owner, $3 IS NULL OR agency_id = $3 AS ours, array_agg(id) AS ids,
                       coalesce(array_agg(DISTINCT %1$s) FILTER (WHERE %1$s IS NOT NULL), ''{}'') AS persons
                  FROM changed GROUP BY agency_id) r', person)
      USING c[3]::uuid, c[4]::uuid, c[5]::uuid, lower(TG_OP), TG_TABLE_NAME::text;
    RETURN NULL;
END $$;

-- What a seal commits to: the one before, its own row, and the leaves of its batch in order.
CREATE FUNCTION audit._seal_hash(before bytea, s audit.seal, leaves bytea) RETURNS bytea LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT sha256(coalesce(before, '') || convert_to(concat_ws('|', s.id, s.cluster, (extract(epoch FROM s.started_at) * 1000000)::bigint,
        (extract(epoch FROM s.at) * 1000000)::bigint, coalesce(s.snapshot::text, '-'), s.below, s.entries), 'UTF8') || coalesce(leaves, ''))
$$;

-- Seals what one server wrote and can no longer change; returns how many entries.
CREATE FUNCTION audit._seal(which bigint, started timestamptz, shot pg_snapshot, below xid8) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE s audit.seal; before bytea; since xid8; leaves bytea;
BEGIN
    SELECT x.id, x.hash INTO s.id, before FROM audit.seal x ORDER BY x.id DESC LIMIT 1;
    SELECT x.below INTO since FROM audit.seal x WHERE x.cluster = which ORDER BY x.id DESC LIMIT 1;
    SELECT count(*), string_agg(e.leaf, ''::bytea ORDER BY e.seq) INTO s.entries, leaves
      FROM audit.entry e WHERE e.cluster = which AND e.xid < _seal.below AND e.xid >= coalesce(since, '0'::xid8);
    IF s.entries = 0 THEN RETURN 0; END IF;
    s.id := coalesce(s.id, 0) + 1; s.cluster := which; s.started_at := started; s.snapshot := shot; s.below := _seal.below; s.at := clock_timestamp();
    s.hash := audit._seal_hash(before, s, leaves);
    INSERT INTO audit.seal SELECT s.*;
    INSERT INTO audit.tip (seal, hash) VALUES (s.id, s.hash) ON CONFLICT (one) DO UPDATE SET seal = excluded.seal, hash = excluded.hash;
    RETURN s.entries;
END $$;

CREATE FUNCTION audit.seal_batch() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE me bigint := (pg_control_system()).system_identifier; other record; n bigint := 0; started timestamptz; shot pg_snapshot;
BEGIN
    -- One sealer at a time; a second one finds nothing new.
    PERFORM pg_advisory_xact_lock(hashtext('audit.seal'));
    -- After a restore: what the former server left unsealed is final, its transactions are gone.
    FOR other IN
        SELECT x.cluster FROM (SELECT s.cluster FROM audit.seal s ORDER BY s.id DESC LIMIT 1) x
        UNION SELECT DISTINCT e.cluster FROM audit.entry e WHERE NOT EXISTS (SELECT 1 FROM audit.seal)
    LOOP
        IF other.cluster <> me THEN
            n := n + audit._seal(other.cluster, clock_timestamp(), NULL,
                (SELECT (e.xid::text::numeric + 1)::text::xid8 FROM audit.entry e WHERE e.cluster = other.cluster ORDER BY e.xid DESC LIMIT 1));
        END IF;
    END LOOP;
    -- The clock before the snapshot: a transaction that the snapshot does not know cannot have written earlier.
    started := clock_timestamp();
    shot := pg_current_snapshot();
    RETURN n + audit._seal(me, started, shot, pg_snapshot_xmin(shot));
END $$;

-- Every break, one row each; no row when the log is whole. With an anchor (a head kept outside): also when history was rewritten.
CREATE FUNCTION audit.verify(anchor bigint DEFAULT NULL, anchor_hash text DEFAULT NULL) RETURNS TABLE (problem text, place text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    me bigint := (pg_control_system()).system_identifier; s audit.seal; last audit.seal; before audit.seal; n bigint; leaves bytea;
    slack constant interval := '5 seconds';   -- how far a clock that is being set may step back
BEGIN
    RETURN QUERY SELECT 'altered entry', e.seq::text FROM audit.entry e WHERE e.leaf <> audit._leaf(e);
    FOR s IN SELECT * FROM audit.seal ORDER BY id LOOP
        IF s.id <> coalesce(last.id, 0) + 1 THEN RETURN QUERY SELECT 'missing seal', (coalesce(last.id, 0) + 1)::text; END IF;
        before := NULL;
        SELECT * INTO before FROM audit.seal x WHERE x.cluster = s.cluster AND x.id < s.id ORDER BY x.id DESC LIMIT 1;
        SELECT count(*), string_agg(e.leaf, ''::bytea ORDER BY e.seq) INTO n, leaves
          FROM audit.entry e WHERE e.cluster = s.cluster AND e.xid < s.below AND e.xid >= coalesce(before.below, '0'::xid8);
        IF n <> s.entries THEN RETURN QUERY SELECT 'entries added or removed in batch', s.id::text;
        ELSIF s.hash <> audit._seal_hash(last.hash, s, leaves) THEN RETURN QUERY SELECT 'batch does not match its seal', s.id::text; END IF;
        RETURN QUERY SELECT 'entry dated outside its batch', e.seq::text FROM audit.entry e
            WHERE e.cluster = s.cluster AND e.xid < s.below AND e.xid >= coalesce(before.below, '0'::xid8)
              AND (e.at > s.at + slack OR (e.xid >= pg_snapshot_xmax(before.snapshot) AND e.at < before.started_at - slack));
        last := s;
    END LOOP;
    before := NULL;
    SELECT * INTO before FROM audit.seal x WHERE x.cluster = me ORDER BY x.id DESC LIMIT 1;
    RETURN QUERY SELECT 'entry dated outside its batch', e.seq::text FROM audit.entry e
        WHERE e.cluster = me AND e.xid >= before.below AND e.xid >= pg_snapshot_xmax(before.snapshot) AND e.at < before.started_at - slack;
    -- A server that has sealed nothing and is not the last one: nobody would ever seal its entries.
    RETURN QUERY SELECT 'entry outside every batch', e.seq::text FROM audit.entry e
        WHERE e.cluster <> me AND e.cluster <> last.cluster
          AND e.xid >= coalesce((SELECT x.below FROM audit.seal x WHERE x.cluster = e.cluster ORDER BY x.id DESC LIMIT 1), '0'::xid8);
    RETURN QUERY SELECT 'the last seal is not the one remembered', t.seal::text FROM audit.tip t
        WHERE t.seal <> coalesce(last.id, 0) OR t.hash IS DISTINCT FROM last.hash;
    IF last.id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM audit.tip) THEN RETURN QUERY SELECT 'the last seal is not remembered', last.id::text; END IF;
    IF anchor IS NOT NULL AND NOT EXISTS (SELECT 1 FROM audit.seal x WHERE x.id = anchor AND encode(x.hash, 'hex') = lower(anchor_hash)) THEN
        RETURN QUERY SELECT 'seal differs from the anchor', anchor::text; END IF;
END $$;

-- The head to keep outside the database.
CREATE FUNCTION audit.head() RETURNS TABLE (id bigint, hash text) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ SELECT s.id, encode(s.hash, 'hex') FROM audit.seal s ORDER BY s.id DESC LIMIT 1 $$;

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA audit FROM PUBLIC;
GRANT USAGE ON SCHEMA audit TO samvirke_owner, samvirke_postman, samvirke_sweep, {content_roles}, samvirke_admin;
GRANT EXECUTE ON FUNCTION audit.write(jsonb, uuid) TO {content_roles}, samvirke_admin;
GRANT EXECUTE ON FUNCTION audit.wrote() TO samvirke_owner;
GRANT EXECUTE ON FUNCTION audit._append(text, text, uuid[], uuid[], text, uuid) TO samvirke_postman;
GRANT EXECUTE ON FUNCTION audit.seal_batch(), audit.verify(bigint, text), audit.head() TO samvirke_sweep;
