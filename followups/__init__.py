"""What next: follow-ups, cadence, whom to help. It begins with its first model."""
