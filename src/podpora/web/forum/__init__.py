"""The forum: pages that anybody reads, and those of its members."""
