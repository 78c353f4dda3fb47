"""Pages of centre."""
