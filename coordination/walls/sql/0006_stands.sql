-- What somebody signed stands: rows are added, never changed or deleted. The arguments name the columns that may change all the same. The one
-- role that deletes by the law's date is let by in the trigger's own condition.
CREATE FUNCTION base.stands() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE may constant text[] := coalesce(TG_ARGV::text[], '{}');
BEGIN
    IF TG_OP <> 'UPDATE' OR to_jsonb(OLD) - may <> to_jsonb(NEW) - may THEN RAISE EXCEPTION 'what was recorded never changes'; END IF;
    RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION base.stands() FROM PUBLIC;
