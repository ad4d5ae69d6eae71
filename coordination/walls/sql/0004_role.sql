-- What the log's own functions ask about who is acting. Owned by samvirke_sec.

-- The role of the acting membership as it is now, or NULL. Never a parameter.
CREATE OR REPLACE FUNCTION sec.role() RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE member uuid := sec.membership(); r text;
BEGIN
    SELECT m.role INTO r FROM base.coordination_membership m WHERE m.id = member AND m.ended_at IS NULL;
    RETURN r;
END $$;
REVOKE EXECUTE ON FUNCTION sec.role() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sec.role() TO samvirke_audit;
