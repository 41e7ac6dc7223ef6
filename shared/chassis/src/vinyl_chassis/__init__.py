"""What every service needs and no listener would recognise."""
