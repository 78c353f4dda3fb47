"""Pages of a technician."""
