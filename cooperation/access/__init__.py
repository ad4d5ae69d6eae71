"""Reports, meetings and deviations for an actor, by noun. Writes nothing. Absent and hidden are the same."""
