"""Applications to a recovery unit (rusmestringsenhet): offered, applied for, decided. Holds no rule."""
