"""The rules of isolation as pure functions; one module per noun, nothing is re-exported here."""
