"""Referrals from the prison health service to specialist care (circular 5.2)."""
