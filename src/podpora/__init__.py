"""Podpora: shop, licences, settings, support, forum and FAQ for makers of desktop software."""

__version__ = "0.1.0"
