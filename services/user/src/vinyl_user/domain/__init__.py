"""The rules of accounts, profiles, collections and wants, as pure functions and values."""
