"""The verbs of isolation, by noun. Each is one transaction; the person is locked first, letters and deadlines go with the rows."""
