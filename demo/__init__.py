"""Demo data for a first look: two prisons, their municipalities, two health trusts, every role and sixty invented inmates.

Above the roof and never installed in production. Everything happens through the verbs the users use; only time is moved.
"""
