"""Measured work (docs/explanation/speed.md): `make bench`."""
