"""``make bench``: what the product does in a second, beside what its bare parts do in the same run."""
