"""Settings: `base` for all, `local` for a developer and the demo, `test`, and `production`, which refuses to start insecurely."""
