"""Tables and the statements over them."""
