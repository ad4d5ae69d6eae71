"""Admission: the first interview, and at once telling the health service when something is wrong (circular 5.1)."""
