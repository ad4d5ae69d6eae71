"""Cooperation between the services: agreements, meetings and figures without names (circular 8)."""
