"""Which record a listing offers, and whether it is what a search asks for."""
