-- What was left out when a person was told about themselves, and why, stands as it was decided: it can be ended, once.
CREATE FUNCTION letterbox._withheld_ends_once() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE may constant text[] := ARRAY['version', 'ended_at', 'ended_by'];
BEGIN
    IF TG_OP <> 'UPDATE' OR OLD.ended_at IS NOT NULL OR to_jsonb(OLD) - may <> to_jsonb(NEW) - may THEN
        RAISE EXCEPTION 'what was recorded never changes'; END IF;
    RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION letterbox._withheld_ends_once() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION letterbox._withheld_ends_once() TO samvirke_owner;
