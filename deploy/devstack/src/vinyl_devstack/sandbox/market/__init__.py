"""Who sells which copy at which price, as a pure function of the seed and the time."""
