"""What the coordinator reviews: the queue, what changed beside the previous answer, returns, corrections."""
