-- Emergency access inside a health service: a clinician who follows some patients opens one more of the own agency, for four hours.
-- Owned by samvirke_postman, which alone may write a grant without whole-agency reach. There is none in custody.

-- Exactly one patient of the own agency by identity number, or by family name and birth date; NULL otherwise, and nothing tells none from many.
-- The grant goes to the membership's own group and ends by itself: the policies ask about `valid_until` in each statement.
CREATE FUNCTION letterbox.open_emergency(family text, born date, number bytea, code text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = base, municipal_health, specialist_health, pg_catalog, pg_temp AS $$
DECLARE subject text; grants text; found_ids uuid[]; g int; me uuid := sec.agency();
BEGIN
    SELECT w.subject, w.grants INTO subject, grants FROM (VALUES
        ('municipal_health', 'coordination_municipalpatient', 'coordination_municipalpatientgrant'),
        ('specialist_health', 'coordination_specialistpatient', 'coordination_specialistpatientgrant')) w (world, subject, grants)
     WHERE w.world = sec.world();
    IF me IS NULL OR subject IS NULL OR NOT EXISTS (SELECT 1 FROM base.coordination_membership m
        WHERE m.id = sec.membership() AND m.role IN ('prison_nurse', 'prison_doctor', 'trust_clinician') AND m.reach = 'unit') THEN
        RAISE EXCEPTION 'no emergency access here' USING errcode = 'insufficient_privilege'; END IF;
    EXECUTE format('SELECT array_agg(p.id) FROM (SELECT x.id FROM %I.%I x WHERE x.agency_id = $1
        AND CASE WHEN $4 IS NULL THEN x.family_key = lower($2) AND x.birth_date = $3 ELSE x.national_id_lookup = $4 END LIMIT 2) p', sec.world(), subject)
       INTO found_ids USING me, family, born, number;
    IF cardinality(found_ids) IS DISTINCT FROM 1 THEN
        PERFORM audit._append('refuse', 'emergency', '{}', '{}', 'emergency:' || code, NULL);
        RETURN NULL;
    END IF;
    g := base.own_group();
    EXECUTE format('DELETE FROM %I.%I x WHERE x.content_object_id = $1 AND x.group_id = $2 AND x.valid_until <= clock_timestamp()', sec.world(), grants)
      USING found_ids[1], g;
    EXECUTE format('INSERT INTO %I.%I (id, agency_id, group_id, permission_id, content_object_id, valid_until)
                    SELECT gen_random_uuid(), $1, $2, p.id, $3, clock_timestamp() + interval ''4 hours'' FROM base.auth_permission p
                      JOIN base.django_content_type t ON t.id = p.content_type_id
                     WHERE p.codename = ''follow'' AND t.app_label = ''coordination'' AND t.model = $4 ON CONFLICT DO NOTHING', sec.world(), grants)
      USING me, g, found_ids[1], replace(subject, 'coordination_', '');
    PERFORM audit._append('emergency', subject, found_ids, found_ids, 'emergency:' || code, NULL);
    -- The group may be new: from here on this transaction may read and write about the patient too.
    PERFORM sec.rebind();
    RETURN found_ids[1];
END $$;

REVOKE EXECUTE ON FUNCTION letterbox.open_emergency(text, date, bytea, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION letterbox.open_emergency(text, date, bytea, text) TO samvirke_municipal_health_unit, samvirke_specialist_health_unit;
