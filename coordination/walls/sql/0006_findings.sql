-- What came of one line of the privacy officer's week, the numbers that choose the lines, and whom a reference stands for. Owned by
-- samvirke_audit. The officer never learns whom; the leader, who reads the whole agency already, looks up one reference at a time.

-- A line that is closed: what it came to and the officer's own reference to the case elsewhere. `mark` is a digest of the line.
CREATE TABLE audit.finding (
    agency_id uuid NOT NULL,
    week_on date NOT NULL CHECK (extract(isodow FROM week_on) = 1),
    mark text NOT NULL CHECK (mark ~ '^[0-9a-f]{16}$'),
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    membership_id uuid NOT NULL,
    by_name text NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('nothing', 'explained', 'followed_up', 'breach')),
    own_reference text NOT NULL CHECK (length(own_reference) BETWEEN 1 AND 60),
    PRIMARY KEY (agency_id, week_on, mark)
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.finding FOR EACH STATEMENT EXECUTE FUNCTION audit._append_only();

-- Returns whether the line was closed; false where it is closed already.
CREATE FUNCTION audit.close_finding(week date, mark text, outcome text, own_reference text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE me uuid := sec.log_agency();
BEGIN
    IF me IS NULL THEN RAISE EXCEPTION 'no privacy officer is acting' USING errcode = 'insufficient_privilege'; END IF;
    INSERT INTO audit.finding (agency_id, week_on, mark, membership_id, by_name, outcome, own_reference)
    SELECT me, week, close_finding.mark, c.id, c.name, close_finding.outcome, close_finding.own_reference FROM sec.colleagues() c WHERE c.id = sec.membership()
    ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN RETURN false; END IF;
    PERFORM audit._append('review', 'finding', '{}', '{}', week::text || ':' || close_finding.mark, NULL);
    RETURN true;
END $$;

CREATE FUNCTION audit.findings(week date) RETURNS TABLE (mark text, at timestamptz, by_name text, outcome text, own_reference text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT f.mark, f.at, f.by_name, f.outcome, f.own_reference FROM audit.finding f WHERE f.agency_id = sec.log_agency() AND f.week_on = week
$$;

-- The numbers that the officer's agency has tightened: the newest row of each.
CREATE FUNCTION audit.review_settings() RETURNS TABLE (key text, value jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT * FROM base.review_settings(sec.log_agency()) $$;

-- Whom a reference stands for: asked by the agency's leader, about the own agency's people, and written in the log either way.
CREATE FUNCTION audit.resolve(reference text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE me uuid := sec.whole_agency(); found uuid;
BEGIN
    IF me IS NULL OR coalesce(sec.role(), '') <> ALL (ARRAY['warden', 'health_leader', 'trust_leader']) THEN
        RAISE EXCEPTION 'not yours to ask' USING errcode = 'insufficient_privilege'; END IF;
    SELECT p.id INTO found FROM (
        SELECT id FROM custody.coordination_person WHERE agency_id = me
        UNION ALL SELECT id FROM municipal_health.coordination_municipalpatient WHERE agency_id = me
        UNION ALL SELECT id FROM specialist_health.coordination_specialistpatient WHERE agency_id = me) p
     WHERE audit._reference(p.id) = upper(reference) LIMIT 1;
    PERFORM audit._append('resolve', 'reference', coalesce(ARRAY[found], '{}'), CASE WHEN found IS NULL THEN '{}'::uuid[] ELSE ARRAY[found] END,
        'reference:' || left(upper(reference), 8), NULL);
    RETURN found;
END $$;

REVOKE EXECUTE ON FUNCTION audit.close_finding(date, text, text, text), audit.findings(date), audit.review_settings(), audit.resolve(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.close_finding(date, text, text, text), audit.findings(date), audit.review_settings() TO samvirke_privacy;
GRANT EXECUTE ON FUNCTION audit.resolve(text) TO samvirke_custody_agency, samvirke_municipal_health_agency, samvirke_specialist_health_agency;
