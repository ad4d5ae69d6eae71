"""The doors of health follow-up, by noun."""
