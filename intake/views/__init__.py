"""The doors of admission, by noun."""
