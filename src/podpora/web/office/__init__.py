"""Pages of the vendor's manager."""
