"""Template tags and small builders behind the components."""
