"""The parties: what each answers for on paper, and what it does."""
