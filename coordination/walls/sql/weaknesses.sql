-- One row per weakness; none in a sound database. Read by `manage.py walls`, the start of every process and the tests.
-- Lists of names in curly braces come from the declarations in code.
WITH content(role) AS (SELECT unnest(ARRAY[{content_roles}]::text[])),
     app(role) AS (SELECT role FROM content UNION SELECT unnest(ARRAY['samvirke_admin', 'samvirke_privacy', 'samvirke_sweep', 'samvirke_web', 'samvirke_worker', 'samvirke_auth'])),
     ours AS (SELECT c.*, n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ANY (ARRAY[{schemas}]::text[])),
     walled AS (SELECT * FROM ours WHERE relkind IN ('r', 'p') AND relname = ANY (ARRAY[{walled}]::text[])),
     code AS (SELECT p.*, n.nspname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname IN ('sec', 'audit', 'letterbox', 'retention', 'base'))
SELECT 'table without forced row-level security' AS problem, oid::regclass::text AS place FROM walled WHERE NOT (relrowsecurity AND relforcerowsecurity)
UNION ALL SELECT 'declared table is missing', t FROM unnest(ARRAY[{walled}]::text[]) t WHERE t NOT IN (SELECT relname FROM walled)
UNION ALL SELECT 'table in a personal world without a declared wall', oid::regclass::text FROM ours
    WHERE relkind IN ('r', 'p') AND nspname <> 'base' AND relname <> ALL (ARRAY[{walled}]::text[])
UNION ALL SELECT 'table with an agency but no wall', c.oid::regclass::text FROM ours c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'agency_id' AND NOT a.attisdropped
    WHERE c.relkind IN ('r', 'p') AND c.relname <> ALL (ARRAY[{walled}]::text[]) AND c.relname <> ALL (ARRAY[{reference}]::text[])
UNION ALL SELECT 'walled table without an agency column', c.oid::regclass::text FROM walled c
    WHERE NOT EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'agency_id' AND a.attnotnull)
UNION ALL SELECT 'walled table whose writes are not audited', c.oid::regclass::text || ' ' || e.event FROM walled c, (VALUES ('audit_insert'), ('audit_update'), ('audit_delete')) e(event)
    WHERE NOT EXISTS (SELECT 1 FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = e.event AND t.tgenabled IN ('O', 'A'))
UNION ALL SELECT 'policy open to PUBLIC', p.polrelid::regclass || '.' || p.polname FROM pg_policy p WHERE 0 = ANY (p.polroles)
UNION ALL SELECT 'policy that lets a reader of content see everything', p.polrelid::regclass || '.' || p.polname || ' ' || r.rolname
    FROM pg_policy p JOIN pg_roles r ON r.oid = ANY (p.polroles)
    WHERE r.rolname IN (SELECT role FROM content UNION VALUES ('samvirke_admin'), ('samvirke_privacy'), ('samvirke_web'), ('samvirke_worker'))
      AND p.polpermissive AND ((p.polqual IS NOT NULL AND pg_get_expr(p.polqual, p.polrelid) NOT LIKE '%sec.%') OR (p.polwithcheck IS NOT NULL AND pg_get_expr(p.polwithcheck, p.polrelid) NOT LIKE '%sec.%'))
UNION ALL SELECT 'policy for a role of another world', p.polrelid::regclass || '.' || p.polname FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_roles r ON r.oid = ANY (p.polroles)
    WHERE n.nspname NOT IN ('base', 'cooperation') AND r.rolname IN (SELECT role FROM content) AND r.rolname NOT LIKE 'samvirke_' || n.nspname || '_%'
UNION ALL SELECT 'table that all worlds read and that is not declared as shared', oid::regclass::text FROM ours
    WHERE relkind IN ('r', 'p') AND (nspname = 'cooperation') <> (relname = ANY (ARRAY[{shared}]::text[]))
UNION ALL SELECT 'shared ground that points into a personal world', k.conrelid::regclass || '.' || k.conname FROM pg_constraint k
    JOIN ours c ON c.oid = k.conrelid JOIN ours f ON f.oid = k.confrelid WHERE c.nspname = 'cooperation' AND f.nspname NOT IN ('base', 'cooperation')
UNION ALL SELECT 'plain view (needs security_invoker)', oid::regclass::text FROM ours WHERE relkind = 'v' AND NOT coalesce(reloptions @> ARRAY['security_invoker=true'], false)
UNION ALL SELECT 'materialized view', oid::regclass::text FROM ours WHERE relkind = 'm'
UNION ALL SELECT 'SECURITY DEFINER without fixed search_path', oid::regprocedure::text FROM code WHERE prosecdef AND NOT coalesce(array_to_string(proconfig, ',') LIKE '%search_path=%', false)
UNION ALL SELECT 'SECURITY DEFINER owned by superuser, BYPASSRLS or a login', c.oid::regprocedure::text FROM code c JOIN pg_roles r ON r.oid = c.proowner
    WHERE c.prosecdef AND (r.rolsuper OR r.rolbypassrls OR r.rolcanlogin)
UNION ALL SELECT 'function executable by PUBLIC', oid::regprocedure::text FROM code WHERE nspname IN ('sec', 'audit', 'letterbox', 'retention') AND has_function_privilege('public', oid, 'execute')
UNION ALL SELECT 'LEAKPROOF function', p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE p.proleakproof AND n.nspname NOT IN ('pg_catalog', 'information_schema')
UNION ALL SELECT 'application role is too strong', rolname FROM pg_roles JOIN app ON role = rolname
    WHERE rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication OR rolinherit OR pg_has_role(rolname, 'samvirke_owner', 'set')
       OR pg_has_role(rolname, 'samvirke_sec', 'set') OR pg_has_role(rolname, 'samvirke_postman', 'set') OR pg_has_role(rolname, 'samvirke_audit', 'set')
       OR pg_has_role(rolname, 'samvirke_retention', 'set')
UNION ALL SELECT 'function owner is too strong', rolname FROM pg_roles WHERE rolname IN ('samvirke_owner', 'samvirke_sec', 'samvirke_postman', 'samvirke_audit', 'samvirke_retention')
      AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolcanlogin)
UNION ALL SELECT 'table owned by an application role', c.oid::regclass::text FROM ours c JOIN pg_roles r ON r.oid = c.relowner WHERE c.relkind IN ('r', 'p') AND r.rolname <> 'samvirke_owner'
UNION ALL SELECT 'application role may TRUNCATE, REFERENCES, TRIGGER or DELETE', c.oid::regclass || ' ' || app.role || ' ' || verb
    FROM ours c, app, unnest(ARRAY['TRUNCATE', 'REFERENCES', 'TRIGGER', 'DELETE']) verb
    WHERE c.relkind IN ('r', 'p') AND has_table_privilege(app.role, c.oid, verb)
      AND NOT (verb = 'DELETE' AND c.relname = ANY (ARRAY[{deletable}]::text[]) AND (app.role LIKE '%\_agency' OR app.role = 'samvirke_auth'))
UNION ALL SELECT 'content role has a privilege in another world', c.oid::regclass || ' ' || content.role
    FROM ours c, content WHERE c.relkind IN ('r', 'p') AND c.nspname NOT IN ('base', 'cooperation') AND content.role NOT LIKE 'samvirke_' || c.nspname || '_%'
      AND (has_table_privilege(content.role, c.oid, 'SELECT, INSERT, UPDATE, DELETE') OR has_any_column_privilege(content.role, c.oid, 'SELECT, INSERT, UPDATE'))
UNION ALL SELECT 'application reads passwords, sessions or the audit log', t.place || ' ' || r.role
    FROM (SELECT oid::regclass::text AS place, oid FROM ours WHERE relname IN ('coordination_user', 'coordination_loginattempt', 'coordination_usedcode', 'django_session')
          UNION ALL SELECT c.oid::regclass::text, c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname IN ('sec', 'audit') AND c.relkind = 'r') t,
         (SELECT role FROM app WHERE role <> 'samvirke_auth') r
    WHERE has_table_privilege(r.role, t.oid, 'SELECT, INSERT, UPDATE, DELETE') OR has_any_column_privilege(r.role, t.oid, 'SELECT, INSERT, UPDATE')
UNION ALL SELECT 'application writes letters past the postman', c.oid::regclass || ' ' || content.role FROM ours c, content
    WHERE c.relname = ANY (ARRAY[{letters}]::text[]) AND (has_table_privilege(content.role, c.oid, 'INSERT, UPDATE, DELETE')
      OR EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND a.attname <> 'person_id' AND has_column_privilege(content.role, c.oid, a.attnum, 'UPDATE')))
UNION ALL SELECT 'application role holds a sequence', c.oid::regclass || ' ' || app.role FROM ours c, app
    WHERE c.relkind = 'S' AND has_sequence_privilege(app.role, c.oid, 'USAGE, SELECT, UPDATE')
UNION ALL SELECT 'foreign key that deletes or clears', conrelid::regclass || '.' || conname FROM pg_constraint WHERE contype = 'f' AND confdeltype IN ('c', 'n', 'd')
      AND connamespace IN (SELECT oid FROM pg_namespace WHERE nspname = ANY (ARRAY[{schemas}]::text[]))
UNION ALL SELECT 'unique key without the agency (tells hidden from absent)', i.indexrelid::regclass::text FROM pg_index i JOIN walled c ON c.oid = i.indrelid
    WHERE i.indisunique AND NOT i.indisprimary AND c.relname <> ALL (ARRAY[{staff}]::text[])
      AND NOT EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY (i.indkey) AND a.attname = 'agency_id')
UNION ALL SELECT 'guessable primary key', i.indexrelid::regclass::text FROM pg_index i JOIN walled c ON c.oid = i.indrelid
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0] WHERE i.indisprimary AND a.atttypid IN (20, 21, 23)
UNION ALL SELECT 'application role may create', s.name || ' ' || app.role FROM app, unnest(ARRAY[{schemas}, 'public', 'sec', 'audit', 'letterbox', 'retention']::text[]) s(name)
    WHERE to_regnamespace(s.name) IS NOT NULL AND has_schema_privilege(app.role, s.name, 'CREATE')
UNION ALL SELECT 'application role may make temporary tables', app.role FROM app WHERE has_database_privilege(app.role, current_database(), 'TEMP')
UNION ALL SELECT 'guard that also stops a lawful deletion', g.tgrelid::regclass || '.' || g.tgname FROM pg_trigger g JOIN walled c ON c.oid = g.tgrelid
    WHERE NOT g.tgisinternal AND (g.tgtype & 11) = 11 AND c.nspname <> 'base' AND coalesce(pg_get_triggerdef(g.oid), '') NOT LIKE '%samvirke_retention%'
UNION ALL SELECT 'somebody else may delete what retention deletes', c.oid::regclass || ' ' || a.grantee::regrole FROM walled c, aclexplode(c.relacl) a
    WHERE a.privilege_type = 'DELETE' AND a.grantee NOT IN (c.relowner, 'samvirke_retention'::regrole) AND c.relname <> ALL (ARRAY[{deletable}]::text[])
UNION ALL SELECT 'PUBLIC may connect', current_database() WHERE has_database_privilege('public', current_database(), 'CONNECT')
ORDER BY 1, 2
