"""Release: telling the health service in time, and planning together (circular 5.3)."""
