"""Marketplaces that speak Discogs' and eBay's wire formats on the loopback, stocked from the catalogue."""
