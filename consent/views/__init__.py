"""The doors of letters, consents, sharing and objections, by noun."""
