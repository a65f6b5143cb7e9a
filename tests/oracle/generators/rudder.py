"""Records of preset rudder."""
from model import tables
from model.values import Number

from . import call, pools
from .pools import optional, some

NAMES = ("Order Completed", "Product Added", "Checkout Started", *tables.RUDDER, "Product List Viewed", "Products Searched", "Signed Up", "PURCHASE",
         "custom event 2", "START_CHECKOUT")
ODD = ("", " order completed ", "Order Refunded", "\u00c4 B")


def record(rng):
    out = {"type": some(rng, ("track", "track", "track", "page", "identify", "screen", "alias")), "originalTimestamp": pools.time(rng)}
    out |= optional(rng, messageId=("m-1", "m-2", *pools.IDS), userId=("u-1", "U-2", *pools.IDS), anonymousId=("an-1", "an-2"), timestamp=pools.time,
                    channel=("web", "mobile", "server", "sources", "WEB", "mobile_app", "offline", ""), request_ip=pools.IPS)
    if out["type"] != "page" or rng.random() < 0.2:
        out["event"] = call.name(rng, NAMES, ODD)
    out["context"] = call.context(rng)
    for where in (out["context"], out):
        if rng.random() < 0.5:
            where["traits"] = optional(rng, email=pools.EMAILS, phone=pools.PHONES, firstName=pools.FIRST, firstname=pools.FIRST, last_name=pools.LAST,
                                       gender=pools.GENDERS, state=pools.STATES, country=pools.COUNTRIES, zip=pools.ZIPS, postal_code=pools.ZIPS,
                                       address=call.address)
    if rng.random() < 0.95:
        out["properties"] = call.properties(rng)
        if rng.random() < 0.4:
            out["properties"] |= optional(
                rng, client_dedup_id=("cd", "", Number("5")), transaction_id=("t-1",), transactionId=("t-2",), checkout_id=("c-1",), orderId=("O-2",),
                eventConversionType=("web", "mobile", "mobile_app", "offline", "OFFLINE", "x"), click_id=("cl",), uuid_c1=("c1",), idfv=pools.DEVICES,
                adId=pools.DEVICES, att_status=(Number("1"), Number("0"), True, "1"), number_items=pools.QUANTITIES, item_ids=(["a", "b"], "a,b", "a"),
                item_category=("Cat",), brands=(["B1", "B2"], "B1"), url=pools.URLS, cpu_cores=(Number("8"),), storage=("64",), free_storage=("3",))
    return out
