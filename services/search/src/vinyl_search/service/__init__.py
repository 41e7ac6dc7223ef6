"""What listeners do with searches and sellers, and what is done for them meanwhile."""
