"""The doors of referrals: `sending` for the municipality, `assessing` for the trust."""
