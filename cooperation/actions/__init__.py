"""The verbs of working together, by noun: reports, meetings, deviations."""
