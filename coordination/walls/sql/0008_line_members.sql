-- The lines of the privacy officer's week tell colleagues apart by a digest of their key, beside the name that is shown: a name is put right,
-- and two may be called the same. Otherwise as in 0005_oversight.sql. Owned by samvirke_audit.

DROP FUNCTION audit.unusual(timestamptz, timestamptz, text[], int, int);
DROP FUNCTION audit.crowds(timestamptz, timestamptz, text[], int, int);

CREATE FUNCTION audit._member(membership uuid) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS
$$ SELECT encode(sha256(convert_to('member|' || membership, 'UTF8')), 'hex') $$;

-- What each member opened each day, one row a person, with what the rules ask about; rows about which they ask nothing are left out.
-- An opening: a request through a door with a key, that read about one person and no other. `related`: each time the person was here (or
-- had left less than a fortnight ago), or something was to be done about them, or the member wrote about them that week.
-- `colleague`: somebody who works here is called the same, or has that initial and surname.
-- `nights`: openings at night by somebody who wrote nothing for eight hours on either side, and so was hardly at work.
CREATE FUNCTION audit.unusual(since timestamptz, until timestamptz, doors text[], night_from int, night_to int)
RETURNS TABLE (member text, name text, role text, person text, day date, openings bigint, first_at timestamptz, last_at timestamptz,
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
        SELECT j.m, n.name, n.role, j.person, (j.at AT TIME ZONE 'Europe/Oslo')::date AS day, count(*) AS openings, min(j.at) AS first_at, max(j.at) AS last_at,
               coalesce(bool_or(regexp_replace(j.family, '^.*\s', '') = n.last), false) AS same_surname,
               bool_or(EXISTS (SELECT 1 FROM named x WHERE x.whole IN (j.given || ' ' || j.family, left(j.given, 1) || '. ' || j.family))) AS colleague,
               bool_and(j.related) AS related, count(*) FILTER (WHERE j.off) AS nights,
               coalesce(array_agg(DISTINCT j.reason) FILTER (WHERE j.reason <> ''), '{}') AS reasons
          FROM judged j JOIN named n ON n.id = j.m GROUP BY n.name, n.role, j.m, j.person, 5
    )
    SELECT audit._member(d.m), d.name, d.role, audit._reference(d.person), d.day, d.openings, d.first_at, d.last_at, d.same_surname, d.colleague, d.related, d.nights, d.reasons
      FROM days d WHERE d.same_surname OR d.colleague OR NOT d.related OR d.nights > 0 OR d.reasons <> '{}'
     ORDER BY d.day DESC, d.name, 4;
END $$;

-- Members who opened many people in one hour (`opened`), or met many shut doors in one day (`refused`), from `least` and up.
CREATE FUNCTION audit.crowds(since timestamptz, until timestamptz, doors text[], least_opened int, least_refused int)
RETURNS TABLE (kind text, member text, name text, role text, at timestamptz, number bigint)
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
    SELECT x.kind, audit._member(x.m), c.name, c.role, x.at, x.number
      FROM (SELECT 'opened' AS kind, h.* FROM hours h UNION ALL SELECT 'refused', s.* FROM shut s) x JOIN sec.colleagues() c ON c.id = x.m
     ORDER BY x.at DESC, c.name, 2;
END $$;

REVOKE EXECUTE ON FUNCTION audit._member(uuid), audit.unusual(timestamptz, timestamptz, text[], int, int),
    audit.crowds(timestamptz, timestamptz, text[], int, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.unusual(timestamptz, timestamptz, text[], int, int), audit.crowds(timestamptz, timestamptz, text[], int, int)
    TO samvirke_privacy;
