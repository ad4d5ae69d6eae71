"""People in custody and patients: reading them, registering them, moving them."""
