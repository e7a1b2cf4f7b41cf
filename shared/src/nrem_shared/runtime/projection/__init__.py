"""Projections: what this service knows of the others' facts, built from Kafka and rebuildable at any time."""
