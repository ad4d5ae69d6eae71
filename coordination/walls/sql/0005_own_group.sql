-- A group of one's own, so that a grant can be given to one membership and no unit. Owned by samvirke_owner; called by the postman only.

CREATE FUNCTION base.own_group() RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE me uuid := sec.membership(); g int;
BEGIN
    SELECT m.group_id INTO g FROM base.coordination_membership m WHERE m.id = me FOR UPDATE;
    IF NOT FOUND THEN RAISE EXCEPTION 'nobody is acting' USING errcode = 'insufficient_privilege'; END IF;
    IF g IS NULL THEN
        INSERT INTO base.auth_group (name) VALUES ('membership:' || me) RETURNING id INTO g;
        UPDATE base.coordination_membership m SET group_id = g WHERE m.id = me;
    END IF;
    RETURN g;
END $$;

REVOKE EXECUTE ON FUNCTION base.own_group() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION base.own_group() TO samvirke_postman;
