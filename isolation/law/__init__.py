"""The law of a measure as it is told: words, deadline rules, and the page of rules. The law itself is in `isolation.rules`."""
