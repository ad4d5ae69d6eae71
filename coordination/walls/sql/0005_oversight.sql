-- Who saw what, for the privacy officer of an agency: unusual openings by its members, and the weekly review of them. Owned by samvirke_audit.
-- The agency comes from the identity alone. No function here gives back a name or a key of somebody it is about, only a reference.

-- A door that was shut: which, and the keys it was tried with. A key of the own agency's people says whom; any other says nothing here,
-- whether it means something elsewhere or not.
CREATE FUNCTION audit.refuse(door text, keys uuid[], req uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE me uuid := sec.any_agency(); persons uuid[];
BEGIN
    IF me IS NULL THEN RAISE EXCEPTION 'nobody is acting' USING errcode = 'insufficient_privilege'; END IF;
    SELECT coalesce(array_agg(p.id), '{}') INTO persons FROM (
        SELECT id FROM custody.coordination_person WHERE id = ANY (keys) AND agency_id = me
        UNION ALL SELECT id FROM municipal_health.coordination_municipalpatient WHERE id = ANY (keys) AND agency_id = me
        UNION ALL SELECT id FROM specialist_health.coordination_specialistpatient WHERE id = ANY (keys) AND agency_id = me) p;
    PERFORM audit._append('refuse', door, keys, persons, door, req);
END $$;

CREATE FUNCTION audit._reference(person uuid) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS
$$ SELECT upper(left(encode(sha256(convert_to('reference|' || person, 'UTF8')), 'hex'), 8)) $$;

-- What each member opened each day, one row a person, with what the rules ask about; rows about which they ask nothing are left out.
-- An opening: a request through a door with a key, that read about one person and no other. `related`: each time the person was here (or
-- had left less than a fortnight ago), or something was to be done about them, or the member wrote about them that week.
-- `colleague`: somebody who works here is called the same, or has that initial and surname.
-- `nights`: openings at night by somebody who wrote nothing for eight hours on either side, and so was hardly at work.
CREATE FUNCTION audit.unusual(since timestamptz, until timestamptz, doors text[], night_from int, night_to int)
RETURNS TABLE (name text, role text, person text, day date, openings bigint, first_at timestamptz, last_at timestamptz,
               same_surname boolean, colleague boolean, related boolean, nights bigint, reasons text[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE me uuid := sec.log_agency();
BEGIN
    IF me IS NULL THEN RAISE EXCEPTION 'no privacy officer is acting' USING errcode = 'insufficient_privilege'; END IF;
    RETURN QUERY
    WITH opened AS MATERIALIZED (
        SELECT e.membership_id AS m, (array_agg(p.person))[1] AS person, min(e.at) AS at, max(split_part(e.purpose, ':', 2)) AS reason
          FROM audit.entry e CROSS JOIN LATERAL unnest(e.person_ids) p (person)
         WHERE e.agency_id = me AND e.at >= since AND e.at < until AND e.request IS NOT NULL AND e.action IN ('read', 'print', 'export')
           AND split_part(e.purpose, ':', 1) = ANY (doors)
         GROUP BY e.request, e.membership_id HAVING count(DISTINCT p.person) = 1
        UNION ALL
        SELECT e.membership_id, e.person_ids[1], e.at, split_part(e.purpose, ':', 2)
          FROM audit.entry e WHERE e.agency_id = me AND e.at >= since AND e.at < until AND e.action = 'emergency'
    ), wrote AS MATERIALIZED (
        SELECT e.membership_id AS m, e.at, e.person_ids FROM audit.entry e
         WHERE e.agency_id = me AND e.at >= since - interval '7 days' AND e.at < until + interval '7 days'
           AND e.action IN ('insert', 'update') AND e.membership_id IS NOT NULL AND e.subject_table NOT LIKE '%opening'
    ), known AS MATERIALIZED (
        SELECT x.id, x.family_key::text AS family, lower(x.given_name) AS given, false AS present FROM custody.coordination_person x WHERE x.agency_id = me
        UNION ALL SELECT x.id, x.family_key, lower(x.given_name), x.present FROM municipal_health.coordination_municipalpatient x WHERE x.agency_id = me
        UNION ALL SELECT x.id, x.family_key, lower(x.given_name), x.present FROM specialist_health.coordination_specialistpatient x WHERE x.agency_id = me
    ), stays AS (
        SELECT s.person_id, s.admitted_at AS since, s.ended_at + interval '14 days' AS until FROM custody.coordination_stay s WHERE s.agency_id = me
        UNION ALL SELECT d.person_id, d.starts_at, d.closed_at FROM custody.coordination_custodydeadline d WHERE d.agency_id = me
        UNION ALL SELECT d.person_id, d.starts_at, d.closed_at FROM municipal_health.coordination_municipaldeadline d WHERE d.agency_id = me
        UNION ALL SELECT d.person_id, d.starts_at, d.closed_at FROM specialist_health.coordination_specialistdeadline d WHERE d.agency_id = me
    ), judged AS (
        SELECT o.m, o.person, o.at, o.reason, k.family, k.given,
               k.id IS NULL OR k.present
               OR EXISTS (SELECT 1 FROM stays s WHERE s.person_id = o.person AND s.since <= o.at AND (s.until IS NULL OR s.until > o.at))
               OR EXISTS (SELECT 1 FROM wrote w WHERE w.m = o.m AND o.person = ANY (w.person_ids)
                             AND w.at BETWEEN o.at - interval '7 days' AND o.at + interval '7 days') AS related,
               (extract(hour FROM o.at AT TIME ZONE 'Europe/Oslo') >= night_from OR extract(hour FROM o.at AT TIME ZONE 'Europe/Oslo') < night_to)
               AND NOT EXISTS (SELECT 1 FROM wrote w WHERE w.m = o.m AND w.at BETWEEN o.at - interval '8 hours' AND o.at + interval '8 hours') AS off
          FROM opened o LEFT JOIN known k ON k.id = o.person
    ), named AS (
        SELECT c.id, c.name, c.role, lower(c.name) AS whole, regexp_replace(lower(c.name), '^.*\s', '') AS last FROM sec.colleagues() c
    ), days AS (
        SELECT n.name, n.role, j.person, (j.at AT TIME ZONE 'Europe/Oslo')::date AS day, count(*) AS openings, min(j.at) AS first_at, max(j.at) AS last_at,
               coalesce(bool_or(regexp_replace(j.family, '^.*\s', '') = n.last), false) AS same_surname,
               bool_or(EXISTS (SELECT 1 FROM named x WHERE x.whole IN (j.given || ' ' || j.family, left(j.given, 1) || '. ' || j.family))) AS colleague,
               bool_and(j.related) AS related, count(*) FILTER (WHERE j.off) AS nights,
               coalesce(array_agg(DISTINCT j.reason) FILTER (WHERE j.reason <> ''), '{}') AS reasons
          FROM judged j JOIN named n ON n.id = j.m GROUP BY n.name, n.role, j.m, j.person, 4
    )
    SELECT d.name, d.role, audit._reference(d.person), d.day, d.openings, d.first_at, d.last_at, d.same_surname, d.colleague, d.related, d.nights, d.reasons
      FROM days d WHERE d.same_surname OR d.colleague OR NOT d.related OR d.nights > 0 OR d.reasons <> '{}'
     ORDER BY d.day DESC, d.name, 3;
END $$;

-- Members who opened many people in one hour (`opened`), or met many shut doors in one day (`refused`), from `least` and up.
CREATE FUNCTION audit.crowds(since timestamptz, until timestamptz, doors text[], least_opened int, least_refused int)
RETURNS TABLE (kind text, name text, role text, at timestamptz, number bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE me uuid := sec.log_agency();
BEGIN
    IF me IS NULL THEN RAISE EXCEPTION 'no privacy officer is acting' USING errcode = 'insufficient_privilege'; END IF;
    RETURN QUERY
    WITH hours AS (
        SELECT e.membership_id AS m, date_trunc('hour', e.at) AS at, count(DISTINCT p.person) AS number
          FROM audit.entry e CROSS JOIN LATERAL unnest(e.person_ids) p (person)
         WHERE e.agency_id = me AND e.at >= since AND e.at < until AND e.request IS NOT NULL AND e.action IN ('read', 'print', 'export')
           AND split_part(e.purpose, ':', 1) = ANY (doors)
         GROUP BY 1, 2 HAVING count(DISTINCT p.person) >= least_opened
    ), shut AS (
        SELECT e.membership_id AS m, date_trunc('day', e.at, 'Europe/Oslo') AS at, count(*) AS number
          FROM audit.entry e WHERE e.agency_id = me AND e.at >= since AND e.at < until AND e.action = 'refuse'
         GROUP BY 1, 2 HAVING count(*) >= least_refused
    )
    SELECT x.kind, c.name, c.role, x.at, x.number
      FROM (SELECT 'opened' AS kind, h.* FROM hours h UNION ALL SELECT 'refused', s.* FROM shut s) x JOIN sec.colleagues() c ON c.id = x.m
     ORDER BY x.at DESC, 2;
END $$;

-- One review of one week (by its Monday); written once and never changed.
CREATE TABLE audit.review (
    agency_id uuid NOT NULL,
    week_on date NOT NULL CHECK (extract(isodow FROM week_on) = 1),
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    membership_id uuid NOT NULL,
    by_name text NOT NULL,
    finding text NOT NULL CHECK (finding IN ('nothing', 'explained', 'followed_up', 'breach')),
    follow_up text NOT NULL CHECK (finding = 'nothing' OR length(follow_up) >= 10),
    PRIMARY KEY (agency_id, week_on)
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.review FOR EACH STATEMENT EXECUTE FUNCTION audit._append_only();

-- Returns whether the review was written; false where the week has one.
CREATE FUNCTION audit.record_review(week date, finding text, follow_up text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE me uuid := sec.log_agency();
BEGIN
    IF me IS NULL THEN RAISE EXCEPTION 'no privacy officer is acting' USING errcode = 'insufficient_privilege'; END IF;
    INSERT INTO audit.review (agency_id, week_on, membership_id, by_name, finding, follow_up)
    SELECT me, week, c.id, c.name, record_review.finding, record_review.follow_up FROM sec.colleagues() c WHERE c.id = sec.membership()
    ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN RETURN false; END IF;
    PERFORM audit._append('review', 'review', '{}', '{}', week::text, NULL);
    RETURN true;
END $$;

CREATE FUNCTION audit.reviews(since date) RETURNS TABLE (week_on date, at timestamptz, by_name text, finding text, follow_up text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT r.week_on, r.at, r.by_name, r.finding, r.follow_up FROM audit.review r WHERE r.agency_id = sec.log_agency() AND r.week_on >= since ORDER BY 1 DESC
$$;

-- Reminders that have come by an instant, of the last four weeks: on Monday at seven, on Friday, and when the next week is over too.
CREATE FUNCTION audit.reviews_due(by_then timestamptz) RETURNS TABLE (alert uuid, membership uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT md5(concat_ws('|', 'review', o.agency_id, w.week_on, s.step))::uuid, o.membership_id
      FROM sec.privacy_officers() o
     CROSS JOIN (SELECT (date_trunc('week', by_then AT TIME ZONE 'Europe/Oslo') - make_interval(weeks => n))::date AS week_on FROM generate_series(1, 4) n) w
     CROSS JOIN (VALUES (1, interval '7 days 7 hours'), (2, interval '11 days 7 hours'), (3, interval '14 days 7 hours')) s (step, later)
     WHERE (w.week_on + s.later) AT TIME ZONE 'Europe/Oslo' <= by_then AND o.since < (w.week_on + interval '7 days') AT TIME ZONE 'Europe/Oslo'
       AND NOT EXISTS (SELECT 1 FROM audit.review r WHERE r.agency_id = o.agency_id AND r.week_on = w.week_on)
$$;

REVOKE EXECUTE ON FUNCTION audit.refuse(text, uuid[], uuid), audit._reference(uuid), audit.unusual(timestamptz, timestamptz, text[], int, int),
    audit.crowds(timestamptz, timestamptz, text[], int, int), audit.record_review(date, text, text), audit.reviews(date), audit.reviews_due(timestamptz) FROM PUBLIC;
GRANT USAGE ON SCHEMA audit TO samvirke_privacy;
GRANT EXECUTE ON FUNCTION audit.refuse(text, uuid[], uuid) TO {content_roles}, samvirke_admin, samvirke_privacy;
GRANT EXECUTE ON FUNCTION audit.write(jsonb, uuid), audit.unusual(timestamptz, timestamptz, text[], int, int),
    audit.crowds(timestamptz, timestamptz, text[], int, int), audit.record_review(date, text, text), audit.reviews(date) TO samvirke_privacy;
GRANT EXECUTE ON FUNCTION audit.reviews_due(timestamptz) TO samvirke_sweep;
