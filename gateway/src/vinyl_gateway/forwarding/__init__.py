"""Requests to the services that own their routes, and the services' answers back."""
