"""Records of preset segment."""
from model import tables
from model.values import Number

from . import call, pools
from .pools import optional, some

NAMES = ("Order Completed", "Product Added", "Checkout Started", *tables.SEGMENT, "Trial Started", "Order Refunded", "PURCHASE", "ADD_TO_WISHLIST")
ODD = ("", "Products Searched ", "identify", "\u00c4 B")


def record(rng):
    out = {"type": some(rng, ("track", "track", "track", "page", "identify", "screen", "group", "TRACK", "")), "timestamp": pools.time(rng)}
    out |= optional(rng, messageId=("m-1", "m-2", *pools.IDS), userId=("u-1", "U-2", *pools.IDS), anonymousId=("an-1", "an-2"), originalTimestamp=pools.time)
    if out["type"] != "page" or rng.random() < 0.2:
        out["event"] = call.name(rng, NAMES, ODD)
    out["context"] = call.context(rng)
    traits = optional(rng, first_name=pools.FIRST, firstName=pools.FIRST, lastName=pools.LAST, last_name=pools.LAST, gender=pools.GENDERS, address=call.address,
                      email=pools.EMAILS, phone=pools.PHONES)
    if rng.random() < 0.6:
        out["context"]["traits"] = traits
    if rng.random() < 0.4:
        out["traits"] = optional(rng, email=pools.EMAILS, phone=pools.PHONES, firstName=pools.FIRST, address=call.address)
    if rng.random() < 0.2:
        out["channel" if rng.random() < 0.5 else "whole"] = some(rng, ("server", "mobile", "browser"))
        out["context"] |= optional(rng, channel=("server", "mobile", "browser", "Server"))
    if rng.random() < 0.25:
        out["integrations"] = rng.choice((
            {"All": True}, {"All": False}, {"Snap Conversions Api": {"click_id": "cl", "uuid_c1": "c1"}}, {"Snap Conversions Api": False},
            {"All": False, "Snap Conversions Api": True}, {"All": False, "Snap Conversions Api": {"click_id": Number("5")}}, {}, []))
    if rng.random() < 0.95:
        out["properties"] = call.properties(rng)
        if rng.random() < 0.2:
            out["properties"] |= optional(rng, first_name=pools.FIRST, gender=pools.GENDERS, address=call.address)
    return out
