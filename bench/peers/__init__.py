"""The same work done by others: frameworks as their documentation shows them, and the limits beneath them."""
