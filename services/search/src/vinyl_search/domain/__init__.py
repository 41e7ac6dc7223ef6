"""What a search, a listing and a price mean, without knowing where they are kept."""
