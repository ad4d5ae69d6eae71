"""Who saw what: unusual openings and their weekly review, reasons for opening, and emergency access in health."""
