"""eBay's Browse API and token endpoint: their shapes, their filter grammar, their routes."""
