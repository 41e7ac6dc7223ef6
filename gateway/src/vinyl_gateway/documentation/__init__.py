"""The services' OpenAPI documents as one, and that one as a page to read."""
