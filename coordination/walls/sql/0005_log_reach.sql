-- The reach of a privacy officer: a role that runs the log's own functions and reads no table. Owned by samvirke_sec.

CREATE OR REPLACE FUNCTION sec._acting(m base.coordination_membership, a base.coordination_agency, verified boolean) RETURNS sec.acting
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE m.reach WHEN 'admin' THEN 'samvirke_admin' WHEN 'log' THEN 'samvirke_privacy' ELSE 'samvirke_' || a.world || '_' || m.reach END,
           m.user_id, m.id, m.display_name, m.role, m.reach, a.id, a.name, a.kind, a.world, u.id, u.name, verified
      FROM (SELECT 1) one
      LEFT JOIN base.coordination_membershipunit mu ON mu.membership_id = m.id AND mu.ended_at IS NULL AND mu.is_home
      LEFT JOIN base.coordination_unit u ON u.id = mu.unit_id
     LIMIT 1
$$;

-- The acting agency for its privacy officer; everybody else has none.
CREATE FUNCTION sec.log_agency() RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ DECLARE c text[] := sec.ctx(); BEGIN RETURN CASE WHEN c[7] = 'log' THEN c[5]::uuid END; END $$;

-- Everybody who works or has worked in the acting agency, for the log's functions: names to compare and to show.
CREATE FUNCTION sec.colleagues() RETURNS TABLE (id uuid, name text, role text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT m.id, m.display_name::text, m.role::text FROM base.coordination_membership m WHERE m.agency_id = sec.any_agency()
$$;

-- The privacy officers of all agencies and since when, for the sweep that reminds them.
CREATE FUNCTION sec.privacy_officers() RETURNS TABLE (membership_id uuid, agency_id uuid, since timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT m.id, m.agency_id, m.started_at FROM base.coordination_membership m WHERE m.reach = 'log' AND m.ended_at IS NULL
$$;

-- The same identity once more, with the groups of this instant: for the postman, when it has given the one acting a group of their own.
CREATE FUNCTION sec.rebind() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE m base.coordination_membership; a base.coordination_agency; me uuid := sec.membership();
BEGIN
    SELECT * INTO STRICT m FROM base.coordination_membership x WHERE x.id = me AND x.ended_at IS NULL;
    SELECT * INTO STRICT a FROM base.coordination_agency x WHERE x.id = m.agency_id;
    PERFORM sec._bind(m, a);
END $$;

REVOKE EXECUTE ON FUNCTION sec.log_agency(), sec.colleagues(), sec.privacy_officers(), sec.rebind() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sec.log_agency(), sec.colleagues(), sec.privacy_officers() TO samvirke_audit;
GRANT EXECUTE ON FUNCTION sec.rebind() TO samvirke_postman;
