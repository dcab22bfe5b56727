"""Real Kafka, real processes, real faults."""
