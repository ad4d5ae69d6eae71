"""The verbs about referrals: `sending` is the municipality's side, `assessing` the trust's."""
