-- Two more verbs for the login's own database role. Owned by samvirke_sec; whoever asks must hold the token or name a membership
-- to close, and neither gives anybody an identity.

-- Why a token opens nothing, so that the login page can say it: revoked, ended, absolute, idle, or '' for one that is unknown or open.
CREATE FUNCTION sec.closed_because(token text) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce((SELECT CASE WHEN s.revoked_at IS NOT NULL THEN 'revoked'
               WHEN NOT EXISTS (SELECT 1 FROM base.coordination_membership m WHERE m.id = s.membership_id AND m.ended_at IS NULL) THEN 'ended'
               WHEN s.ends_at <= now() THEN 'absolute' WHEN s.seen_at <= now() - s.idle THEN 'idle' END
      FROM sec.session s WHERE s.token_hash = sha256(convert_to(token, 'UTF8'))), '')
$$;

CREATE FUNCTION sec.close_sessions_of_membership(member uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE sec.session SET revoked_at = clock_timestamp() WHERE membership_id = member AND revoked_at IS NULL
$$;

REVOKE EXECUTE ON FUNCTION sec.closed_because(text), sec.close_sessions_of_membership(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sec.closed_because(text), sec.close_sessions_of_membership(uuid) TO samvirke_auth;
