"""The doors of working together, by noun: reports, meetings, deviations."""
