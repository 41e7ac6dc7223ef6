"""Events leave by the transaction that made them: a table, and a relay from it to the broker."""
