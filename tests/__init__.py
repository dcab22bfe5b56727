"""Mirrors services/; plus integration (real Kafka, real processes), containers, quality floors and benchmarks."""
