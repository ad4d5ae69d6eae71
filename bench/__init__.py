"""Measurements of what the walls, the audit log and the sweeps cost, as ratios in one run. No product code imports this package."""
