-- Who is acting. The database mints the identity from a session token (or a job) and binds it to one transaction of one backend.
-- Owned by samvirke_sec. Nothing here may take a user, an agency or a reach as a parameter from the application.

CREATE TABLE sec.ctx_key (
    kid int PRIMARY KEY,
    key bytea NOT NULL CHECK (length(key) = 32),
    not_after timestamptz NOT NULL
);
INSERT INTO sec.ctx_key
VALUES (1, sha256((gen_random_uuid()::text || gen_random_uuid()::text || clock_timestamp()::text)::bytea), 'infinity');

CREATE TABLE sec.session (
    token_hash bytea PRIMARY KEY,
    user_id uuid NOT NULL,
    membership_id uuid NOT NULL,
    verified boolean NOT NULL DEFAULT false,
    idle interval NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ends_at timestamptz NOT NULL,
    revoked_at timestamptz
);
CREATE INDEX session_of_user ON sec.session (user_id) WHERE revoked_at IS NULL;

CREATE TABLE sec.job (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    session_hash bytea NOT NULL REFERENCES sec.session,
    kind text NOT NULL,
    asked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    leased_until timestamptz,
    done_at timestamptz
);

-- Signs and binds. EXECUTE is granted to nobody: only begin and begin_job below may call it.
CREATE FUNCTION sec._bind(m base.coordination_membership, a base.coordination_agency) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE k bytea; kd int; g text; p text;
BEGIN
    SELECT c.kid, c.key INTO STRICT kd, k FROM sec.ctx_key c WHERE c.not_after > now() ORDER BY c.kid DESC LIMIT 1;
    -- A grant to one person is a grant to that membership's own group, so need-to-know is one array and the policies need no OR.
    SELECT coalesce(string_agg(x.group_id::text, ',' ORDER BY x.group_id), '') INTO g FROM (
        SELECT u.group_id FROM base.coordination_membershipunit mu JOIN base.coordination_unit u ON u.id = mu.unit_id
         WHERE mu.membership_id = m.id AND u.agency_id = m.agency_id AND mu.ended_at IS NULL
        UNION SELECT m.group_id WHERE m.group_id IS NOT NULL) x;
    p := format('v1|%s|%s|%s|%s|%s|%s|%s|%s|%s', kd, m.user_id, m.id, m.agency_id, a.world, m.reach, g,
                (extract(epoch FROM now()) * 1000000)::bigint, pg_backend_pid());
    PERFORM set_config('samvirke.ctx', p || '|' || encode(sha256(k || convert_to(p, 'UTF8') || k), 'hex'), true);
END $$;

-- One row that says who acts and which database role to step into; no row when the token opens nothing.
CREATE TYPE sec.acting AS (
    db_role text, user_id uuid, membership_id uuid, display_name text, role text, reach text,
    agency_id uuid, agency_name text, agency_kind text, world text, unit_id uuid, unit_name text, verified boolean
);

CREATE FUNCTION sec._acting(m base.coordination_membership, a base.coordination_agency, verified boolean) RETURNS sec.acting
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE m.reach WHEN 'admin' THEN 'samvirke_admin' ELSE 'samvirke_' || a.world || '_' || m.reach END,
           m.user_id, m.id, m.display_name, m.role, m.reach, a.id, a.name, a.kind, a.world, u.id, u.name, verified
      FROM (SELECT 1) one
      LEFT JOIN base.coordination_membershipunit mu ON mu.membership_id = m.id AND mu.ended_at IS NULL AND mu.is_home
      LEFT JOIN base.coordination_unit u ON u.id = mu.unit_id
     LIMIT 1
$$;

CREATE FUNCTION sec.begin(token text) RETURNS SETOF sec.acting
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE s sec.session; m base.coordination_membership; a base.coordination_agency;
BEGIN
    PERFORM set_config('samvirke.ctx', '', true);              -- always clear first: fail closed
    SELECT * INTO s FROM sec.session x WHERE x.token_hash = sha256(convert_to(token, 'UTF8')) AND x.revoked_at IS NULL
       AND x.ends_at > now() AND x.seen_at > now() - x.idle;
    IF NOT FOUND THEN RETURN; END IF;
    SELECT * INTO m FROM base.coordination_membership x WHERE x.id = s.membership_id AND x.user_id = s.user_id AND x.ended_at IS NULL;
    IF NOT FOUND THEN RETURN; END IF;
    SELECT * INTO STRICT a FROM base.coordination_agency x WHERE x.id = m.agency_id;
    PERFORM sec._bind(m, a);
    RETURN NEXT sec._acting(m, a, s.verified);
END $$;

-- The worker's door: a job id and nothing else. The job acts as the one who asked, for one transaction, while their session and
-- employment last. The lease lets a redelivered message run after a crash but not twice at once.
CREATE FUNCTION sec.begin_job(job_id uuid) RETURNS SETOF sec.acting
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE s sec.session; m base.coordination_membership; a base.coordination_agency; h bytea;
BEGIN
    PERFORM set_config('samvirke.ctx', '', true);
    UPDATE sec.job j SET leased_until = clock_timestamp() + interval '2 minutes'
     WHERE j.id = job_id AND j.done_at IS NULL AND j.asked_at > now() - interval '15 minutes'
       AND (j.leased_until IS NULL OR j.leased_until < clock_timestamp()) RETURNING j.session_hash INTO h;
    IF NOT FOUND THEN RETURN; END IF;
    SELECT * INTO s FROM sec.session x WHERE x.token_hash = h AND x.revoked_at IS NULL AND x.ends_at > now();
    IF NOT FOUND THEN RETURN; END IF;
    SELECT * INTO m FROM base.coordination_membership x WHERE x.id = s.membership_id AND x.user_id = s.user_id AND x.ended_at IS NULL;
    IF NOT FOUND THEN RETURN; END IF;
    SELECT * INTO STRICT a FROM base.coordination_agency x WHERE x.id = m.agency_id;
    PERFORM sec._bind(m, a);
    RETURN NEXT sec._acting(m, a, s.verified);
END $$;

CREATE FUNCTION sec.finish_job(job_id uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE sec.job SET done_at = clock_timestamp() WHERE id = job_id AND done_at IS NULL
$$;

-- Parsed identity of this transaction, or NULL. No EXCEPTION block: it would start a subtransaction, which parallel plans refuse.
-- Every statement pays for this some times over, so nothing here looks at the shape of the text: what carries a valid signature was
-- written by sec._bind, and until the signature is checked nothing is cast that could fail.
CREATE FUNCTION sec.ctx() RETURNS text[] LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE p text[] := string_to_array(current_setting('samvirke.ctx', true), '|'); k bytea; member uuid;
BEGIN
    -- Bound to this transaction of this backend: a copied or kept identity is worth nothing elsewhere or later.
    IF cardinality(p) IS DISTINCT FROM 11 OR p[1] <> 'v1' OR p[10] <> pg_backend_pid()::text
       OR p[9] <> (extract(epoch FROM now()) * 1000000)::bigint::text THEN RETURN NULL; END IF;
    SELECT c.key INTO k FROM sec.ctx_key c WHERE c.kid::text = p[2] AND c.not_after > now();
    IF k IS NULL OR encode(sha256(k || convert_to(array_to_string(p[1:10], '|'), 'UTF8') || k), 'hex') <> p[11] THEN RETURN NULL; END IF;
    member := p[4];   -- a variable of its own: as an expression it would be parsed again for each row looked at
    PERFORM 1 FROM base.coordination_membership m WHERE m.id = member AND m.ended_at IS NULL;   -- still employed there
    IF NOT FOUND THEN RETURN NULL; END IF;
    RETURN p;
END $$;

-- In plpgsql, whose plans are kept: a SQL function with a search path of its own is set up anew in every statement.
CREATE FUNCTION sec.uid() RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ DECLARE c text[] := sec.ctx(); BEGIN RETURN c[3]::uuid; END $$;
CREATE FUNCTION sec.membership() RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ DECLARE c text[] := sec.ctx(); BEGIN RETURN c[4]::uuid; END $$;
CREATE FUNCTION sec.world() RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ DECLARE c text[] := sec.ctx(); BEGIN RETURN c[6]; END $$;
-- The acting agency for anyone who may read content; an administrator has none.
CREATE FUNCTION sec.agency() RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ DECLARE c text[] := sec.ctx(); BEGIN RETURN CASE WHEN c[7] IN ('agency', 'unit') THEN c[5]::uuid END; END $$;
-- The acting agency only for a membership whose role covers all of it: a need-to-know user who steps into the wider role gets NULL.
CREATE FUNCTION sec.whole_agency() RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ DECLARE c text[] := sec.ctx(); BEGIN RETURN CASE WHEN c[7] = 'agency' THEN c[5]::uuid END; END $$;
CREATE FUNCTION sec.admin_agency() RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ DECLARE c text[] := sec.ctx(); BEGIN RETURN CASE WHEN c[7] = 'admin' THEN c[5]::uuid END; END $$;
CREATE FUNCTION sec.any_agency() RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ DECLARE c text[] := sec.ctx(); BEGIN RETURN c[5]::uuid; END $$;
CREATE FUNCTION sec.groups() RETURNS int[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ DECLARE c text[] := sec.ctx();
BEGIN RETURN CASE WHEN c[7] IN ('agency', 'unit') THEN coalesce(string_to_array(nullif(c[8], ''), ','), '{}')::int[] END; END $$;

-- Sessions: written by the login's own database role only.
CREATE FUNCTION sec.open_session(token text, usr uuid, member uuid, idle interval, lasts interval, verified boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO sec.session (token_hash, user_id, membership_id, idle, ends_at, verified)
    SELECT sha256(convert_to(token, 'UTF8')), m.user_id, m.id, open_session.idle, clock_timestamp() + lasts, open_session.verified
      FROM base.coordination_membership m
     WHERE m.id = member AND m.user_id = usr AND m.ended_at IS NULL;
    IF NOT FOUND THEN RAISE EXCEPTION 'no such membership' USING errcode = 'insufficient_privilege'; END IF;
END $$;
CREATE FUNCTION sec.touch_session(token text) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE sec.session SET seen_at = clock_timestamp()
     WHERE token_hash = sha256(convert_to(token, 'UTF8')) AND revoked_at IS NULL AND ends_at > now()
       AND seen_at > now() - idle AND seen_at < now() - interval '30 seconds'
$$;
CREATE FUNCTION sec.close_session(token text) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE sec.session SET revoked_at = clock_timestamp() WHERE token_hash = sha256(convert_to(token, 'UTF8')) AND revoked_at IS NULL
$$;
CREATE FUNCTION sec.close_sessions_of(usr uuid) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE sec.session SET revoked_at = clock_timestamp() WHERE user_id = usr AND revoked_at IS NULL
$$;

-- Work asked for by the one acting now. The message on the queue carries this id and nothing else.
CREATE FUNCTION sec.enqueue(token text, what text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE j uuid;
BEGIN
    INSERT INTO sec.job (session_hash, kind)
    SELECT s.token_hash, what FROM sec.session s
     WHERE s.token_hash = sha256(convert_to(token, 'UTF8')) AND s.user_id = sec.uid() AND s.membership_id = sec.membership()
    RETURNING id INTO j;
    IF j IS NULL THEN RAISE EXCEPTION 'nobody is acting' USING errcode = 'insufficient_privilege'; END IF;
    RETURN j;
END $$;

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA sec FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sec.begin(text), sec.enqueue(text, text) TO samvirke_web;
GRANT EXECUTE ON FUNCTION sec.begin_job(uuid), sec.finish_job(uuid) TO samvirke_worker;
GRANT EXECUTE ON FUNCTION sec.open_session(text, uuid, uuid, interval, interval, boolean), sec.touch_session(text),
    sec.close_session(text), sec.close_sessions_of(uuid) TO samvirke_auth;
GRANT EXECUTE ON FUNCTION sec.ctx(), sec.uid(), sec.membership(), sec.world(), sec.agency(), sec.whole_agency(), sec.admin_agency(),
    sec.any_agency(), sec.groups() TO samvirke_owner, samvirke_postman, samvirke_audit, {content_roles}, samvirke_admin;
GRANT EXECUTE ON FUNCTION sec.enqueue(text, text) TO {content_roles};
