"""What reward does, one function each. The door opens the transaction."""
