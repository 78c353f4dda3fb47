"""A small mail program of an invented vendor: shows how a desktop program builds in podpora_sdk. No mail ever leaves it."""

from datetime import date

PRODUCT = "postolka"
NAME = "Poštolka"
VERSION = "10.2.0"
RELEASED_ON = date(2026, 9, 1)  # compiled in: licences that cover by date compare it with their own
