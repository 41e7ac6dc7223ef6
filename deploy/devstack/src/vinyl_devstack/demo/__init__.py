"""The demo: real records and made-up listeners, in files that people edit, and how they get into a stack."""
