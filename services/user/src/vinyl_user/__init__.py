"""Accounts, sessions, profiles, collections and wants."""
