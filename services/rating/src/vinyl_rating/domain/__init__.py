"""Pure rules, values and refusals."""
