"""What approval does, one function each. The caller opens the transaction."""
