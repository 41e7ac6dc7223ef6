"""The sandbox's own switches: what it is, its clock, its faults, its sales, its exchange rates."""
