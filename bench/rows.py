"""How many rows are written fast: set by set, with triggers off and indexes made afterwards. Knows no table by name."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from bench.server import Plain, run

#: What stands in a column that must hold something and was not given: a table may have grown since this was written.
DEFAULTS = {
    "uuid": "uuidv7()",
    "timestamp with time zone": "now()",
    "date": "current_date",
    "time without time zone": "localtime",
    "boolean": "false",
    "jsonb": "'{}'::jsonb",
    "bytea": "''::bytea",
    "integer": "0",
    "smallint": "0",
    "bigint": "0",
    "numeric": "0",
}


def insert(connection: Plain, table: str, given: Mapping[str, str], source: str = "") -> None:
    """Insert one row for each of `source` (a FROM clause and what follows). `given` maps columns to SQL over the source.

    Raises KeyError when a given column does not exist: then the data here has fallen behind the models.
    """
    columns = {
        str(name): (str(kind), bool(needed))
        for name, kind, needed in run(
            connection,
            "SELECT attname, format_type(atttypid, NULL), attnotnull AND NOT atthasdef AND attidentity = '' FROM pg_attribute "
            "WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''",
            [table],
        ).fetchall()
    }
    unknown = set(given) - set(columns)
    if unknown:
        raise KeyError(f"{table} has no column {', '.join(sorted(unknown))}")
    values = dict(given)
    for name, (kind, needed) in columns.items():
        if needed and name not in values:
            values[name] = f"'{{}}'::{kind}" if kind.endswith("[]") else DEFAULTS.get(kind, "''")
    run(
        connection,
        f"INSERT INTO {table} ({', '.join(values)}) OVERRIDING SYSTEM VALUE SELECT {', '.join(values.values())} {source}",
    )


@contextmanager
def without_indexes(connection: Plain, *tables: str) -> Iterator[None]:
    """Take indexes and unique keys (not primary ones) away for a block and build them afterwards."""
    constraints = run(
        connection,
        "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE contype = 'u' AND conrelid = ANY (%s::regclass[])",
        [list(tables)],
    ).fetchall()
    for table, name, _what in constraints:
        run(connection, f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    indexes = run(
        connection,
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index "
        "WHERE NOT indisprimary AND indrelid = ANY (%s::regclass[])",
        [list(tables)],
    ).fetchall()
    for name, _what in indexes:
        run(connection, f"DROP INDEX {name}")
    yield
    for _name, what in indexes:
        run(connection, what)
    for table, name, what in constraints:
        run(connection, f"ALTER TABLE {table} ADD CONSTRAINT {name} {what}")
