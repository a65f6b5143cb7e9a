"""What Segment's and RudderStack's calls have in common."""
from model.values import Number

from . import pools
from .pools import optional, some


def device(rng):
    return optional(rng, type=("ios", "Android", "iPadOS", "iOS", "other", ""), id=pools.DEVICES, advertisingId=pools.DEVICES,
                    adTrackingEnabled=(True, False), attTrackingStatus=(Number("3"), Number("2"), Number("0"), "2"), model=("iPhone7,2", "Pixel 6"))


def context(rng):
    out = optional(rng, ip=pools.IPS, userAgent=pools.AGENTS, locale=("en-US", "de"), timezone=("Europe/Berlin",))
    if rng.random() < 0.7:
        out["page"] = optional(rng, url=pools.URLS, title=("T",)) if rng.random() < 0.9 else some(rng, ("", False, " "))
    if rng.random() < 0.35:
        out |= {"device": device(rng), "app": optional(rng, name=("Shop",), namespace=("com.shop",), version=("1.2",), build=("7", Number("8"))),
                "os": optional(rng, name=("iOS",), version=("15.1",)), "network": optional(rng, carrier=("T",)),
                "screen": optional(rng, width=(Number("1080"), "x"), height=(Number("1920"),), density=(Number("2.0"),))}
    return out


def address(rng):
    return optional(rng, city=pools.CITIES, state=pools.STATES, country=pools.COUNTRIES, postalCode=pools.ZIPS, street=("Main St 1",), zip=pools.ZIPS)


def properties(rng):
    out = optional(rng, order_id=("o-1", *pools.IDS), currency=pools.CURRENCIES, revenue=pools.PRICES) if rng.random() < 0.8 else {}
    if rng.random() < 0.5:
        out |= optional(rng, total=pools.PRICES, value=pools.PRICES, price=pools.PRICES, quantity=pools.QUANTITIES)
    if rng.random() < 0.55:
        out["products"] = pools.products(rng)
    if rng.random() < 0.4:
        out |= pools.product(rng)
    if rng.random() < 0.3:
        out |= optional(rng, query=("boots", {"q": "x"}, True, ["", False, "cap"]), search_string=("hat",), category=("Shoes", "Hats"), email=pools.EMAILS, phone=pools.PHONES)
    return out


def name(rng, names, odd):
    chosen = rng.choice(odd) if rng.random() < 0.1 else some(rng, names)
    return chosen if rng.random() < 0.8 else chosen.replace(" ", rng.choice(("_", "-", "  "))).swapcase()
