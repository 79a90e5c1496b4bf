"""Who answers for what: the matrix of estates and items, and one cell of it."""
