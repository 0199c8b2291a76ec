"""Evidence files: what they are by their content, how they are received, stored, and purged."""
