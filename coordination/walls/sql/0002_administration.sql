-- What the administrator of an agency may do to its units, and the promise that nobody gives themself a role.
-- Owned by samvirke_owner: units and groups have no row-level security, only the owner writes them, and the one acting comes from
-- sec.admin_agency(), never from a parameter. Nothing here reads or writes a row about an inmate.

CREATE FUNCTION base.admin_agency() RETURNS base.coordination_agency
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE a base.coordination_agency;
BEGIN
    SELECT * INTO a FROM base.coordination_agency x WHERE x.id = sec.admin_agency();
    IF NOT FOUND THEN RAISE EXCEPTION 'no administrator is acting' USING errcode = 'insufficient_privilege'; END IF;
    RETURN a;
END $$;

-- The kinds of unit follow the world; only a health unit serves a prison.
CREATE FUNCTION base.fits_agency(a base.coordination_agency, unit_kind text, for_agency uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT unit_kind = ANY (CASE a.world WHEN 'custody' THEN ARRAY['department', 'youth'] WHEN 'municipal_health' THEN ARRAY['team', 'desk']
               WHEN 'specialist_health' THEN ARRAY['clinic', 'desk'] ELSE ARRAY[]::text[] END)
       AND (for_agency IS NULL OR (a.world <> 'custody'
            AND EXISTS (SELECT 1 FROM base.coordination_agency p WHERE p.id = for_agency AND p.kind = 'prison')))
$$;

CREATE FUNCTION base.add_unit(unit_name text, unit_kind text, for_agency uuid) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE a base.coordination_agency := base.admin_agency(); u uuid := gen_random_uuid(); g int;
BEGIN
    IF NOT base.fits_agency(a, unit_kind, for_agency) THEN RAISE EXCEPTION 'no such unit here' USING errcode = 'check_violation'; END IF;
    -- The group's name is shown to nobody; the unit's own key keeps it apart from every other.
    INSERT INTO base.auth_group (name) VALUES ('unit:' || u) RETURNING id INTO g;
    INSERT INTO base.coordination_unit (id, agency_id, kind, name, group_id, serves_id, security_level)
    VALUES (u, a.id, unit_kind, unit_name, g, for_agency, '');
    RETURN u;
END $$;

CREATE FUNCTION base.change_unit(unit uuid, unit_name text, for_agency uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE a base.coordination_agency := base.admin_agency(); k text;
BEGIN
    SELECT u.kind INTO k FROM base.coordination_unit u WHERE u.id = unit AND u.agency_id = a.id FOR UPDATE;
    IF NOT FOUND THEN RETURN false; END IF;
    IF NOT base.fits_agency(a, k, for_agency) THEN RAISE EXCEPTION 'no such unit here' USING errcode = 'check_violation'; END IF;
    UPDATE base.coordination_unit u SET name = unit_name, serves_id = for_agency WHERE u.id = unit;
    RETURN true;
END $$;

-- Not while somebody works there: then nobody near would follow the people in it.
CREATE FUNCTION base.close_unit(unit uuid, last_day date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE a base.coordination_agency := base.admin_agency();
BEGIN
    PERFORM 1 FROM base.coordination_unit u WHERE u.id = unit AND u.agency_id = a.id AND u.closed_on IS NULL FOR UPDATE;
    IF NOT FOUND THEN RETURN false; END IF;
    IF EXISTS (SELECT 1 FROM base.coordination_membershipunit mu JOIN base.coordination_membership m ON m.id = mu.membership_id
                WHERE mu.unit_id = unit AND mu.ended_at IS NULL AND m.ended_at IS NULL) THEN
        RAISE EXCEPTION 'somebody works there' USING errcode = 'object_in_use';
    END IF;
    UPDATE base.coordination_unit u SET closed_on = last_day WHERE u.id = unit;
    RETURN true;
END $$;

REVOKE EXECUTE ON FUNCTION base.admin_agency(), base.fits_agency(base.coordination_agency, text, uuid), base.add_unit(text, text, uuid),
    base.change_unit(uuid, text, uuid), base.close_unit(uuid, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION base.add_unit(text, text, uuid), base.change_unit(uuid, text, uuid), base.close_unit(uuid, date) TO samvirke_admin;

-- Units have no wall of their own, so their changes are logged here.
CREATE TRIGGER audit_insert AFTER INSERT ON base.coordination_unit REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION audit.wrote('');
CREATE TRIGGER audit_update AFTER UPDATE ON base.coordination_unit REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION audit.wrote('');

-- An administrator reads no content. One who could make a second membership for themself would: it takes another administrator.
CREATE FUNCTION base.not_oneself() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF sec.admin_agency() IS NULL THEN RETURN NEW; END IF;
    IF NEW.user_id = sec.uid() THEN
        RAISE EXCEPTION 'administrators do not change their own membership' USING errcode = 'insufficient_privilege'; END IF;
    IF TG_OP = 'UPDATE' AND (NEW.user_id, NEW.agency_id, NEW.started_at) IS DISTINCT FROM (OLD.user_id, OLD.agency_id, OLD.started_at) THEN
        RAISE EXCEPTION 'a membership stays with its user' USING errcode = 'insufficient_privilege'; END IF;
    RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION base.not_oneself() FROM PUBLIC;
CREATE TRIGGER not_oneself BEFORE INSERT OR UPDATE ON base.coordination_membership FOR EACH ROW EXECUTE FUNCTION base.not_oneself();
