"""HTTP/1.1 towards the services: connections, and the pool that keeps them."""
