"""What is typed about reports, meetings and deviations, by noun. The verbs decide."""
