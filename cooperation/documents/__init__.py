"""Reports and minutes as plain values for screen and paper, by noun. Asks no table."""
