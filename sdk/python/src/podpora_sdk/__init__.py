"""Licences, updates, central settings and support tickets for a desktop program, against a Podpora server.

from podpora_sdk import Licensing, Store

licensing = Licensing("postak", "10.2.1", "https://licences.vendor.example", PUBLIC_KEYS, Store.default("Vendor", "Postak"))
licensing.start()                      # keeps the licence fresh in the background
state = licensing.state()              # milliseconds, no network
if not state.may_run:
    show(state.message, state.next)
"""

from podpora_sdk.answers import Device, Feature, Next, Notice, Result, State, Update
from podpora_sdk.certificate import Covers
from podpora_sdk.described import Page, pages_from, schema_from
from podpora_sdk.errors import ConfigurationError
from podpora_sdk.licensing import Licensing, Options
from podpora_sdk.policy import Layer, local_layers
from podpora_sdk.refresher import Rhythm
from podpora_sdk.settings import Applied, Managed, Setting, Settings
from podpora_sdk.store import MemoryStore, Place, Store

__version__ = "0.1.0"
__all__ = [
    "Applied", "ConfigurationError", "Covers", "Device", "Feature", "Layer", "Licensing", "Managed", "MemoryStore", "Next", "Notice",
    "Options", "Page", "Place", "Result", "Rhythm", "Setting", "Settings", "State", "Store", "Update", "local_layers", "pages_from",
    "schema_from",
]  # fmt: skip
