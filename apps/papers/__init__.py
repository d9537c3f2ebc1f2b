"""What an office prints, signs and sends: letters, forms, summaries, pictures of a plan."""
