"""Data going out in an open format: everything of the vendor, of one customer, or what is known of a person (A18).

manifest.json      format, version, when, and for each part its rows and SHA-256
customers.jsonl    one JSON object a line; so for each noun (docs/reference/export.md)
files/F-…          attachments
"""

from podpora.journeys.exporting.archive import FORMAT, VERSION, Part, write
from podpora.journeys.exporting.nouns import parts_of_customer, parts_of_everything

__all__ = ["FORMAT", "VERSION", "Part", "parts_of_customer", "parts_of_everything", "write"]
