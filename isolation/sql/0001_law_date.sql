-- The one way to set the day an adopted act takes effect. Owned by samvirke_owner, which alone may write reference tables. Only an
-- administrator of an agency of the correctional service may call it; a date that has come, or one not in the future, stands.

CREATE FUNCTION base.set_law_date(which text, effect date, why text, who text, place text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    at timestamptz := clock_timestamp(); today date := (at AT TIME ZONE 'Europe/Oslo')::date; standing date; made uuid := gen_random_uuid();
BEGIN
    IF sec.admin_agency() IS NULL OR sec.world() <> 'custody' THEN RAISE EXCEPTION 'nobody acts' USING errcode = 'insufficient_privilege'; END IF;
    PERFORM pg_advisory_xact_lock(7131);
    SELECT s.takes_effect_on INTO standing FROM base.isolation_lawswitch s WHERE s.act = which ORDER BY s.set_at DESC, s.id DESC LIMIT 1;
    IF standing <= today OR effect <= today OR which <> 'act_2026' OR btrim(why) = '' THEN
        RAISE EXCEPTION 'law date' USING errcode = 'check_violation'; END IF;
    INSERT INTO base.isolation_lawswitch (id, act, takes_effect_on, reason, set_at, set_by, set_by_name, set_by_agency)
    VALUES (made, which, effect, left(why, 300), at, sec.membership(), left(who, 160), left(place, 160));
    RETURN made;
END $$;
REVOKE ALL ON FUNCTION base.set_law_date(text, date, text, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION base.set_law_date(text, date, text, text, text) TO samvirke_admin;
