"""Rules of this room, pure.

keys          how a licence key is made, typed and checked
devices       is it the same device? which hash names it?
decision      may it run? may this device be activated? one order, the first hit decides (A-1, A-6, X-4, X-9)
certificate   the signed certificate: its claims and its form
offline       files of devices without a network: read and checked
"""

from podpora.licensing.rules.certificate import claims_of, compact, unsigned_part
from podpora.licensing.rules.decision import decide
from podpora.licensing.rules.devices import canonical, device_hash, same_device
from podpora.licensing.rules.keys import any_key_meant, groups_meant, groups_of, hint_of, key_from, key_meant, with_check

__all__ = [
    "any_key_meant", "canonical",
    "claims_of", "compact", "decide", "device_hash", "groups_meant", "groups_of", "hint_of", "key_from", "key_meant", "same_device",
    "unsigned_part", "with_check",
]  # fmt: skip
