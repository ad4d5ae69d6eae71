"""What a database superuser may do to the audit log with every trigger off. Statements only; who finds them is for the tests."""

#: What the superuser runs to forge a leaf, a seal, the tip: everything the honest functions do, after the fact.
FORGE_LEAVES = "UPDATE audit.entry e SET leaf = audit._leaf(e)"
FORGE_SEALS = """
DO $$ DECLARE s audit.seal; before bytea; since xid8; leaves bytea; BEGIN
    FOR s IN SELECT * FROM audit.seal ORDER BY id LOOP
        SELECT count(*), string_agg(e.leaf, ''::bytea ORDER BY e.seq) INTO s.entries, leaves FROM audit.entry e
         WHERE e.cluster = s.cluster AND e.xid < s.below AND e.xid >= coalesce(since, '0'::xid8);
        since := s.below;
        before := audit._seal_hash(before, s, leaves);
        UPDATE audit.seal SET entries = s.entries, hash = before WHERE id = s.id;
    END LOOP;
    UPDATE audit.tip t SET (seal, hash) = (SELECT x.id, x.hash FROM audit.seal x ORDER BY x.id DESC LIMIT 1);
END $$
"""
MIDDLE = "(SELECT min(e.seq) + 2 FROM audit.entry e)"
TAIL = "(SELECT s.below FROM audit.seal s ORDER BY s.id DESC OFFSET 1 LIMIT 1)"
CUT = f"DELETE FROM audit.entry WHERE xid >= {TAIL}; DELETE FROM audit.seal WHERE id = (SELECT max(id) FROM audit.seal)"


#: name → (what the superuser does, what the log itself says)
WITHIN = {
    "edit": (f"UPDATE audit.entry SET user_id = gen_random_uuid() WHERE seq = {MIDDLE}", "altered entry"),
    "edit an entry nobody has sealed": (
        "UPDATE audit.entry SET purpose = 'x' WHERE seq = (SELECT max(seq) FROM audit.entry)",
        "altered entry",
    ),
    "edit, leaf forged too": (
        f"UPDATE audit.entry SET agency_id = gen_random_uuid() WHERE seq = {MIDDLE}; {FORGE_LEAVES}",
        "batch does not match its seal",
    ),
    "delete from the middle": (f"DELETE FROM audit.entry WHERE seq = {MIDDLE}", "entries added or removed in batch"),
    "delete and put another in its place": (
        f"UPDATE audit.entry SET object_ids = '{{}}', person_ids = '{{}}' WHERE seq = {MIDDLE}; {FORGE_LEAVES}",
        "batch does not match its seal",
    ),
    "swap two timestamps": (
        (
            "UPDATE audit.entry e SET at = o.at FROM (SELECT min(seq) AS a, min(seq) + 1 AS b FROM audit.entry) w JOIN audit.entry o ON o.seq IN (w.a, w.b) "
            "WHERE e.seq IN (w.a, w.b) AND o.seq <> e.seq"
        ),
        "altered entry",
    ),
    "swap two timestamps, leaves forged too": (
        (
            "UPDATE audit.entry e SET at = o.at FROM (SELECT min(seq) AS a, min(seq) + 1 AS b FROM audit.entry) w JOIN audit.entry o ON o.seq IN (w.a, w.b) "
            f"WHERE e.seq IN (w.a, w.b) AND o.seq <> e.seq; {FORGE_LEAVES}"
        ),
        "batch does not match its seal",
    ),
    "insert into a sealed batch": (
        (
            "INSERT INTO audit.entry (xid, at, action, subject_table, object_ids, person_ids, purpose, leaf) SELECT e.xid, e.at, 'read', 'x', '{}', '{}', '', '' "
            f"FROM audit.entry e WHERE seq = {MIDDLE}; {FORGE_LEAVES}"
        ),
        "entries added or removed in batch",
    ),
    "backdate an entry": (
        (
            "INSERT INTO audit.entry (at, action, subject_table, object_ids, person_ids, purpose, leaf) VALUES (now() - interval '1 day', 'read', 'x', '{}', '{}', '', '');"
            f"{FORGE_LEAVES}"
        ),
        "entry dated outside its batch",
    ),
    "an entry of a server that never was": (
        f"INSERT INTO audit.entry (cluster, action, subject_table, object_ids, person_ids, purpose, leaf) VALUES (1, 'read', 'x', '{{}}', '{{}}', '', ''); {FORGE_LEAVES}",
        "entry outside every batch",
    ),
    "take out a seal": ("DELETE FROM audit.seal WHERE id = 2", "missing seal"),
    "change when a batch was sealed": (
        "UPDATE audit.seal SET at = at + interval '1 hour' WHERE id = 2",
        "batch does not match its seal",
    ),
    "cut the tail": (CUT, "the last seal is not the one remembered"),
    "cut the tail and the memory of it": (f"{CUT}; DELETE FROM audit.tip", "the last seal is not remembered"),
}


#: What is whole again in the eyes of the database, because everything in it was forged.
FROM_OUTSIDE = {
    "cut the tail and fix the tip": f"{CUT}; {FORGE_SEALS}",
    "rewrite the whole chain": f"UPDATE audit.entry SET user_id = gen_random_uuid() WHERE seq = {MIDDLE}; {FORGE_LEAVES}; {FORGE_SEALS}",
    "delete one and rewrite the whole chain": f"DELETE FROM audit.entry WHERE seq = {MIDDLE}; {FORGE_SEALS}",
    "begin the log anew": "DELETE FROM audit.entry; DELETE FROM audit.seal; DELETE FROM audit.tip",
}
