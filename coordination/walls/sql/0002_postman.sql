-- Whether a text that is to be about nobody names somebody in the acting agency's own register. Owned by samvirke_postman, which reads the
-- names of the whole agency: whoever writes may follow only some, and a text must name none of the others either. Answers with places in
-- what was typed, never with a name. Other agencies' people are not looked at, so nothing about them can be learned, nor from how long it takes.

-- Names as they are compared: lower case, without accents, ø as o and æ as ae.
CREATE FUNCTION letterbox._folded(said text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT translate(replace(regexp_replace(normalize(lower(said), NFKD), '[\u0300-\u036F]', '', 'g'), 'æ', 'ae'), 'øđłŧ', 'odlt')
$$;
CREATE FUNCTION letterbox._parts(said text) RETURNS text[] LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT array_remove(regexp_split_to_array(letterbox._folded(said), '[^[:alnum:]]+'), '')
$$;

-- `words` in their order, and whether each begins with a capital. A family name counts with a capital, or in any case with one of the
-- given names within three words, whichever comes first; so does a genitive. A prison's own number counts when it cannot be just a count.
CREATE FUNCTION letterbox.named_in(words text[], capital boolean[]) RETURNS int[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE found int[]; number text := '';
BEGIN
    IF sec.agency() IS NULL THEN RETURN NULL; END IF;
    IF sec.world() = 'custody' THEN
        number := 'UNION SELECT letterbox._parts(p.number), ''{}'', true FROM custody.coordination_person p
                    WHERE p.agency_id = $3 AND (p.number ~ ''[[:alpha:]]'' OR length(p.number) > 4)';
    END IF;
    EXECUTE format('
        WITH word AS (SELECT x.place::int AS place, letterbox._folded(x.word) AS form, x.capital FROM unnest($1, $2) WITH ORDINALITY x (word, capital, place)),
        form AS (SELECT * FROM word UNION ALL SELECT w.place, left(w.form, -1), w.capital FROM word w WHERE w.form LIKE ''%%s'' AND length(w.form) > 2),
        somebody AS (SELECT letterbox._parts(p.family_name) AS family, letterbox._parts(p.given_name) AS given, false AS always
                       FROM %s p WHERE p.agency_id = $3 %s),
        family AS (
            SELECT f.place - cardinality(s.family) + 1 AS first, f.place AS last, s.given, s.always FROM somebody s JOIN form f ON f.form = s.family[cardinality(s.family)]
             WHERE length(array_to_string(s.family, '''')) > 1 AND NOT EXISTS (
                   SELECT 1 FROM generate_series(1, cardinality(s.family) - 1) k WHERE NOT EXISTS (
                          SELECT 1 FROM word w WHERE w.place = f.place - cardinality(s.family) + k AND w.form = s.family[k]))),
        given AS (SELECT f.first, f.last, g.place FROM family f JOIN form g ON g.form = ANY (f.given) AND length(g.form) > 1
                      AND g.place BETWEEN f.first - 3 AND f.last + 3 AND NOT g.place BETWEEN f.first AND f.last)
        SELECT array_agg(DISTINCT n.place ORDER BY n.place) FROM (
            SELECT generate_series(f.first, f.last) AS place FROM family f
             WHERE f.always OR EXISTS (SELECT 1 FROM word w WHERE w.place = f.first AND w.capital)
                OR EXISTS (SELECT 1 FROM given g WHERE g.first = f.first AND g.last = f.last)
            UNION SELECT g.place FROM given g) n', letterbox._subjects(sec.world()), number) INTO found USING words, capital, sec.agency();
    RETURN found;
END $$;

REVOKE EXECUTE ON FUNCTION letterbox._folded(text), letterbox._parts(text), letterbox.named_in(text[], boolean[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION letterbox.named_in(text[], boolean[]) TO {content_roles};
