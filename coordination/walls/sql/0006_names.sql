-- Whether a text that is to be about nobody names somebody in the acting agency's own register: the forms of a name that people write.
-- Owned by samvirke_postman. Answers with places in what was typed, never with a name. Replaces the function of the same name.

-- Names as they are compared: lower case, without accents, ø and oe as o, å and aa as a, æ as ae.
CREATE OR REPLACE FUNCTION letterbox._folded(said text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT replace(replace(translate(replace(regexp_replace(normalize(lower(said), NFKD), '[\u0300-\u036F]', '', 'g'), 'æ', 'ae'), 'øđłŧ', 'odlt'), 'aa', 'a'), 'oe', 'o')
$$;
-- The initials of a name of several parts, as one word.
CREATE FUNCTION letterbox._initials(said text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(string_agg(letterbox._folded(left(x.part, 1)), '' ORDER BY x.place), '')
      FROM regexp_split_to_table(said, '[^[:alnum:]]+') WITH ORDINALITY x (part, place)
$$;

-- `words` in their order, and whether each has a capital that counts: one for a better reason than that a sentence begins there. What names somebody:
--  a family name with a capital, or in any case with one of the given names within three words; so does a genitive;
--  one part of a family name of several, with a capital, and a given name within three words;
--  a given name with a capital and beside it, as one capital letter, the initial of the family name ("Ola N.", "N. Ola");
--  a prison's own number, when it cannot be just a count.
CREATE OR REPLACE FUNCTION letterbox.named_in(words text[], capital boolean[]) RETURNS int[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE found int[]; number text := '';
BEGIN
    IF sec.agency() IS NULL THEN RETURN NULL; END IF;
    IF sec.world() = 'custody' THEN
        number := 'UNION SELECT letterbox._parts(p.number), ''{}'', true FROM custody.coordination_person p
                    WHERE p.agency_id = $3 AND (p.number ~ ''[[:alpha:]]'' OR length(p.number) > 4)';
    END IF;
    EXECUTE format('
        WITH word AS (SELECT x.place::int AS place, letterbox._folded(x.word) AS form, x.capital, left(x.word, 1) <> lower(left(x.word, 1)) AS raised, length(x.word) = 1 AS letter
                        FROM unnest($1, $2) WITH ORDINALITY x (word, capital, place)),
        form AS (SELECT place, form, raised FROM word UNION ALL SELECT w.place, left(w.form, -1), w.raised FROM word w WHERE w.form LIKE ''%%s'' AND length(w.form) > 2),
        somebody AS (SELECT letterbox._parts(p.family_name) AS family, letterbox._parts(p.given_name) AS given, false AS always
                       FROM %s p WHERE p.agency_id = $3 %s),
        whole AS (
            SELECT f.place - cardinality(s.family) + 1 AS first, f.place AS last, s.given, s.always, false AS part FROM somebody s JOIN form f ON f.form = s.family[cardinality(s.family)]
             WHERE length(array_to_string(s.family, '''')) > 1 AND NOT EXISTS (
                   SELECT 1 FROM generate_series(1, cardinality(s.family) - 1) k WHERE NOT EXISTS (
                          SELECT 1 FROM word w WHERE w.place = f.place - cardinality(s.family) + k AND w.form = s.family[k]))),
        family AS (
            SELECT * FROM whole UNION ALL
            SELECT f.place, f.place, s.given, false, true FROM somebody s JOIN form f ON f.raised AND length(f.form) > 2 AND f.form = ANY (s.family)
             WHERE cardinality(s.family) > 1 AND NOT s.always),
        given AS (SELECT f.first, f.last, g.place FROM family f JOIN form g ON g.form = ANY (f.given) AND length(g.form) > 1
                      AND g.place BETWEEN f.first - 3 AND f.last + 3 AND NOT g.place BETWEEN f.first AND f.last),
        initial AS (SELECT least(g.place, i.place) AS first, greatest(g.place, i.place) AS last FROM somebody s
                      JOIN form g ON g.raised AND length(g.form) > 1 AND g.form = ANY (s.given)
                      JOIN word i ON i.letter AND i.raised AND i.place IN (g.place - 1, g.place + 1)
                       AND EXISTS (SELECT 1 FROM unnest(s.family) f (part) WHERE left(f.part, 1) = left(i.form, 1)))
        SELECT array_agg(DISTINCT n.place ORDER BY n.place) FROM (
            SELECT generate_series(f.first, f.last) AS place FROM family f
             WHERE f.always OR (NOT f.part AND EXISTS (SELECT 1 FROM word w WHERE w.place = f.first AND w.capital))
                OR EXISTS (SELECT 1 FROM given g WHERE g.first = f.first AND g.last = f.last)
            UNION SELECT g.place FROM given g
            UNION SELECT generate_series(i.first, i.last) FROM initial i) n', letterbox._subjects(sec.world()), number) INTO found USING words, capital, sec.agency();
    RETURN found;
END $$;

-- Birth dates with somebody beside them: `names` and `initials` are the words around each date, with a space between. Returns the places of
-- the dates on which one of the agency's own people was born who has one of those names or initials.
CREATE FUNCTION letterbox.born_in(born date[], names text[], initials text[]) RETURNS int[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE found int[];
BEGIN
    IF sec.agency() IS NULL THEN RETURN NULL; END IF;
    EXECUTE format('
        SELECT array_agg(DISTINCT d.place::int ORDER BY d.place::int) FROM unnest($1, $2, $3) WITH ORDINALITY d (born, names, initials, place)
          JOIN %s p ON p.agency_id = $4 AND p.birth_date = d.born
         CROSS JOIN LATERAL (SELECT letterbox._initials(p.given_name) AS given, letterbox._initials(p.family_name) AS family) i
         WHERE EXISTS (SELECT 1 FROM unnest(letterbox._parts(p.family_name) || letterbox._parts(p.given_name)) n (part)
                        WHERE length(n.part) > 1 AND (n.part = ANY (letterbox._parts(d.names)) OR n.part || ''s'' = ANY (letterbox._parts(d.names))))
            OR string_to_array(letterbox._folded(d.initials), '' '') && ARRAY[i.given || i.family, i.family || i.given,
                   left(i.given, 1) || right(i.family, 1), right(i.family, 1) || left(i.given, 1)]', letterbox._subjects(sec.world()))
      INTO found USING born, names, initials, sec.agency();
    RETURN found;
END $$;

REVOKE EXECUTE ON FUNCTION letterbox._initials(text), letterbox.born_in(date[], text[], text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION letterbox.born_in(date[], text[], text[]) TO {content_roles};
