-- Letters, consents and what was said never change, and the application deletes nothing. The triggers that see to it step aside for the one
-- role that deletes by the law's date. Safe to run again: for tables that come later.
DO $$ DECLARE t record; BEGIN
    FOR t IN SELECT pg_get_triggerdef(g.oid) AS text FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
              WHERE n.nspname IN ('custody', 'municipal_health', 'specialist_health') AND NOT g.tgisinternal AND (g.tgtype & 11) = 11 AND g.tgqual IS NULL LOOP
        EXECUTE replace(replace(t.text, 'CREATE TRIGGER', 'CREATE OR REPLACE TRIGGER'),
            ' FOR EACH ROW EXECUTE', ' FOR EACH ROW WHEN (current_user <> ''samvirke_retention''::name) EXECUTE');
    END LOOP;
END $$;
