"""Answers that are the same for everybody, kept while they are sure to be what the services would say."""
