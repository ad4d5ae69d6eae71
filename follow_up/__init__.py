"""Floor 2, the health services' own follow-up: patients, admission consultations, visits and advice. Nothing here approves isolation."""
