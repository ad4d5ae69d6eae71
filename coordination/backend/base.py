"""PostgreSQL with an acting identity: every outermost transaction begins by asking the database who acts and stepping into that role.

Holds no policy. Identity is set transaction-locally only: at session level a pool would hand it to the next request.
"""

from typing import Any

from django.db.backends.postgresql import base


class NoTransaction(Exception):
    """A query was made outside a transaction while an identity is bound; it would have run as nobody."""


class DatabaseWrapper(base.DatabaseWrapper):
    """The engine of the `default` alias."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Start with nobody acting."""
        super().__init__(*args, **kwargs)
        self.actor: Any = None
        self._connecting = False

    def connect(self) -> None:
        """Connect; the driver's own version check runs before any transaction and needs no identity."""
        self._connecting = True
        try:
            super().connect()
        finally:
            self._connecting = False

    def _step_in(self) -> None:
        """Ask who acts and step into their role, in one round trip. An unknown token leaves the login's bare role: no rows."""
        from coordination.identity import actor_from, current_token

        self.actor = None
        token = current_token.get()
        if token is None:
            return
        function = "sec.begin_job" if token.function == "begin_job" else "sec.begin"
        with self.wrap_database_errors:
            row = self.connection.execute(
                f"SELECT set_config('role', a.db_role, true), a.* FROM {function}(%s) a",  # noqa: S608 - one of two literals
                [token.value],
            ).fetchone()
        if row is not None:
            self.actor = actor_from(row[2:])

    def set_autocommit(self, autocommit: bool, force_begin_transaction_with_broken_autocommit: bool = False) -> None:
        """Change the mode; the outermost `atomic()` comes through here, and that is where the identity begins."""
        super().set_autocommit(autocommit, force_begin_transaction_with_broken_autocommit)
        if autocommit:
            self.actor = None
            return
        try:
            self._step_in()
        except BaseException:
            # Django would take the transaction that is half open for an outer one, and everything after it would fail.
            self.close()
            raise

    def create_cursor(self, name: str | None = None) -> Any:
        """Return a cursor; refuse one that would run outside the transaction its identity belongs to."""
        if not self._connecting and self.get_autocommit():
            from coordination.identity import current_token

            if current_token.get() is not None:
                raise NoTransaction("query outside a transaction while an identity is bound")
        return super().create_cursor(name)
