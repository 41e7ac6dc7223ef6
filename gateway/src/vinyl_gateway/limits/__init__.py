"""How many requests one address, account or token may make, counted by all gateways together."""
