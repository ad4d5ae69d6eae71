"""Isolation: exclusion, security cell and bed, with checks, contact and health visits (circular 7.1)."""
