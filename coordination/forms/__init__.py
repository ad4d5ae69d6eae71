"""Forms of the ground floor, by noun. They read what was typed; the verbs decide."""
