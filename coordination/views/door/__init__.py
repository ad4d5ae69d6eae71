"""Doors that open before somebody acts: login, second factor, choice of membership, logout; and one's own login. Hold no rule."""
