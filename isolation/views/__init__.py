"""The doors of isolation, by noun."""
