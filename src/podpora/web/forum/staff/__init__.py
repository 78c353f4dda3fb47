"""The forum as our staff see it: queues, reviews, people, order."""
