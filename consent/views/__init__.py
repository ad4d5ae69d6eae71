"""The doors of letters, consents, requests, sharing and objections, by noun."""
