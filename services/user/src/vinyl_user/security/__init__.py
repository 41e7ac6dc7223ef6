"""Passwords, signing keys and the tokens made with them."""
