-- Many heads at once, as the file outside the database holds them. Owned by samvirke_audit. Tells where the seals differ, nothing of an entry.

-- The anchors that no seal answers to. Same arithmetic as audit.verify with one anchor; the entries themselves are its business.
CREATE FUNCTION audit.verify_anchors(ids bigint[], hashes text[]) RETURNS TABLE (problem text, place text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT 'seal differs from the anchor', a.id::text
      FROM (SELECT DISTINCT x.id, lower(x.hash) AS hash FROM unnest(ids, hashes) x (id, hash)) a
     WHERE NOT EXISTS (SELECT 1 FROM audit.seal s WHERE s.id = a.id AND encode(s.hash, 'hex') = a.hash)
     ORDER BY a.id
$$;

REVOKE EXECUTE ON FUNCTION audit.verify_anchors(bigint[], text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.verify_anchors(bigint[], text[]) TO samvirke_sweep;
