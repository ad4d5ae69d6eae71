"""Floor 1, chapter 6: legal bases, consents and disclosures (the letterbox)."""
