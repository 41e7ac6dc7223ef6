"""JetStream: the streams, durable consumers, and the table where poison is set aside."""
