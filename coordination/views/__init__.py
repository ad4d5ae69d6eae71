"""The doors of the ground floor, by noun."""
