-- Work asked for by somebody and done by the worker as that somebody. The message on the queue carries the job's id and nothing else;
-- what to do and how far it has come stand here. Owned by samvirke_sec.

ALTER TABLE sec.job ADD COLUMN arguments jsonb NOT NULL DEFAULT '{}', ADD COLUMN result text NOT NULL DEFAULT '';
CREATE INDEX job_waiting ON sec.job (asked_at) WHERE done_at IS NULL;

-- Apart from the job, whose row the running transaction holds: progress is written beside it and seen at once.
CREATE TABLE sec.progress (
    job_id uuid PRIMARY KEY REFERENCES sec.job,
    done int NOT NULL DEFAULT 0,
    total int NOT NULL DEFAULT 0,
    failed boolean NOT NULL DEFAULT false,
    at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Arguments are keys and choices, never a name or a text somebody wrote.
CREATE FUNCTION sec.enqueue(token text, what text, arguments jsonb) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE j uuid := sec.enqueue(token, what);
BEGIN
    IF jsonb_typeof(arguments) <> 'object' OR length(arguments::text) > 2000 THEN
        RAISE EXCEPTION 'arguments' USING errcode = 'check_violation'; END IF;
    UPDATE sec.job SET arguments = enqueue.arguments WHERE id = j;
    RETURN j;
END $$;

-- As before, and: one that is being done is skipped, not waited for; one that failed is not done again.
CREATE OR REPLACE FUNCTION sec.begin_job(job_id uuid) RETURNS SETOF sec.acting
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE s sec.session; m base.coordination_membership; a base.coordination_agency; h bytea;
BEGIN
    PERFORM set_config('samvirke.ctx', '', true);
    SELECT j.session_hash INTO h FROM sec.job j
     WHERE j.id = job_id AND j.done_at IS NULL AND j.asked_at > now() - interval '15 minutes'
       AND (j.leased_until IS NULL OR j.leased_until < clock_timestamp())
       AND NOT EXISTS (SELECT 1 FROM sec.progress p WHERE p.job_id = j.id AND p.failed)
       FOR NO KEY UPDATE SKIP LOCKED;
    IF NOT FOUND THEN RETURN; END IF;
    UPDATE sec.job j SET leased_until = clock_timestamp() + interval '2 minutes' WHERE j.id = job_id;
    SELECT * INTO s FROM sec.session x WHERE x.token_hash = h AND x.revoked_at IS NULL AND x.ends_at > now();
    IF NOT FOUND THEN RETURN; END IF;
    SELECT * INTO m FROM base.coordination_membership x WHERE x.id = s.membership_id AND x.user_id = s.user_id AND x.ended_at IS NULL;
    IF NOT FOUND THEN RETURN; END IF;
    SELECT * INTO STRICT a FROM base.coordination_agency x WHERE x.id = m.agency_id;
    PERFORM sec._bind(m, a);
    RETURN NEXT sec._acting(m, a, s.verified);
END $$;

CREATE FUNCTION sec.job_asked(job uuid) RETURNS TABLE (kind text, arguments jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT j.kind, j.arguments FROM sec.job j WHERE j.id = job AND j.done_at IS NULL
$$;

CREATE FUNCTION sec.report_progress(job uuid, done int, total int, failed boolean) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO sec.progress AS p (job_id, done, total, failed) VALUES (job, done, total, failed)
    ON CONFLICT (job_id) DO UPDATE SET done = excluded.done, total = excluded.total, failed = p.failed OR excluded.failed, at = clock_timestamp()
$$;

-- `result` is the key of what was made, where the asker can open it.
CREATE FUNCTION sec.finish_job(job uuid, result text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE sec.job j SET done_at = clock_timestamp(), result = left(finish_job.result, 200) WHERE j.id = job AND j.done_at IS NULL
$$;

-- Jobs whose message may be lost: asked for a while ago, not done, not failed, and nobody is at it.
CREATE FUNCTION sec.waiting_jobs(older interval) RETURNS TABLE (id uuid, kind text)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT j.id, j.kind FROM sec.job j
     WHERE j.done_at IS NULL AND j.asked_at < now() - older AND j.asked_at > now() - interval '15 minutes'
       AND (j.leased_until IS NULL OR j.leased_until < clock_timestamp())
       AND NOT EXISTS (SELECT 1 FROM sec.progress p WHERE p.job_id = j.id AND p.failed)
       FOR NO KEY UPDATE OF j SKIP LOCKED
$$;

-- The asker's own jobs and nobody else's: the membership is the acting one, never a parameter.
CREATE FUNCTION sec.my_job(job uuid)
RETURNS TABLE (kind text, asked_at timestamptz, state text, done int, total int, result text, arguments jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT j.kind, j.asked_at,
           CASE WHEN j.done_at IS NOT NULL THEN 'done' WHEN p.failed THEN 'failed'
                WHEN j.asked_at < now() - interval '30 minutes' THEN 'expired' WHEN p.job_id IS NOT NULL THEN 'running' ELSE 'waiting' END,
           coalesce(p.done, 0), coalesce(p.total, 0), j.result, j.arguments
      FROM sec.job j JOIN sec.session s ON s.token_hash = j.session_hash LEFT JOIN sec.progress p ON p.job_id = j.id
     WHERE j.id = job AND s.membership_id = sec.membership()
$$;

REVOKE EXECUTE ON FUNCTION sec.enqueue(text, text, jsonb), sec.job_asked(uuid), sec.report_progress(uuid, int, int, boolean),
    sec.finish_job(uuid, text), sec.waiting_jobs(interval), sec.my_job(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sec.enqueue(text, text, jsonb), sec.my_job(uuid) TO {content_roles};
GRANT EXECUTE ON FUNCTION sec.job_asked(uuid), sec.report_progress(uuid, int, int, boolean), sec.finish_job(uuid, text),
    sec.waiting_jobs(interval) TO samvirke_worker;
