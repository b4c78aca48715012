"""What next: follow-ups, cadence, whom to help."""
