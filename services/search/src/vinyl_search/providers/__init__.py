"""The marketplaces: what they send, and what that means here."""
