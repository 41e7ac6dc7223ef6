"""What listeners think of albums."""
