"""The database engine of the walled connection."""
