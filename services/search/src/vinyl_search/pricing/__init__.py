"""What a copy costs at a listener's door."""
