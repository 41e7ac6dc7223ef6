"""One method per thing a person may do."""
