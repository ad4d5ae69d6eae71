"""Pure rules of working together, by noun: figures that leave an agency, and how often those who lead meet."""
