"""Records of preset posthog, in the forms that PostHog's destinations, exports, topics and capture API give them."""
from model.values import Number, dump

from . import call, pools
from .pools import optional, some

NAMES = ("Order Completed", "$pageview", "Product Added", "Checkout Started", "Payment Info Entered", "Promotion Clicked", "Promotion Viewed",
         "Product Added to Wishlist", "Product Viewed", "Product List Viewed", "Products Searched", "Application Installed", "Application Opened",
         "Signed Up", "Signed In", "Product Shared", "PURCHASE", "ADD_TO_CART", "Trial Started", "level complete")
ODD = ("", "$autocapture", "$identify", "$screen", "$set", "$pageleave", "Application Backgrounded", "order  completed ", "\u00c4 B")
LIBRARIES = ("web", "posthog-ios", "posthog-android", "posthog-node", "posthog-react-native", "posthog-flutter", "posthog-python", "Web", " web ", "", "posthog-js",
             "segment", Number("7"))
URLS = (*pools.URLS, "https://shop.example/?sccid=low#top", "https://shop.example/a?x=1&SCCID=Up%2D1&ScCid=two", "https://shop.example/?ScCid=",
        "https://shop.example/?xScCid=no", "https://shop.example/#ScCid=hash", "https://shop.example/?a=b#/?sccid=route")
FLAGS = (True, False, "true", "1", Number("1"), "no", "TRUE")
DISTINCT = ("user_42", "0190f0a1-7b6c-7c11-9d2e-1f2a3b4c5d6e", "dev-1", " U-2 ", "", Number("12345678901234567890"))
CLOCKS = ("2022-04-22 10:57:58.123000", "2022-04-21 00:00:00.000000", "2022-04-22 10:57:58.123456", "2022-04-22 12:05:00.000001", "2022-04-15 12:00:00.000000",
          "2022-04-15 11:59:59.999999", "2022-02-30 10:00:00.000000", "2022-04-22 10:57:60.000000")


def person(rng):
    out = optional(rng, email=pools.EMAILS, phone=pools.PHONES) if rng.random() < 0.8 else {}
    if rng.random() < 0.5:
        out |= optional(rng, first_name=pools.FIRST, firstName=pools.FIRST, last_name=pools.LAST, lastName=pools.LAST, city=pools.CITIES, state=pools.STATES,
                        country=pools.COUNTRIES, zip=pools.ZIPS, postal_code=pools.ZIPS, sccid=("q-click", ""))
        out |= {"$initial_sccid": "first-click", "$geoip_city_name": "Berlin", "$geoip_country_code": "DE", "$geoip_postal_code": "10115"}
    return out


def named(rng, **members):
    """Members whose names begin with a dollar."""
    return {"$" + k: v for k, v in optional(rng, **members).items()}


def web(rng):
    return named(rng, current_url=URLS, raw_user_agent=pools.AGENTS, ip=pools.IPS, host=("shop.example",), device_type=("Mobile", "Desktop"), os=("Windows", "iOS"),
                 device_id=DISTINCT, is_identified=FLAGS)


def mobile(rng):
    out = named(rng, app_namespace=("com.shop", ""), app_build=(Number("771"), "771"), app_version=("7.7.1", Number("7.0")), os_name=("iOS", "Android", "iPadOS", "tvOS", "watchOS", ""),
                os=("Android", "ios", "Linux"), os_version=("15.1",), device_model=("iPhone7,2",), ip=pools.IPS, raw_user_agent=pools.AGENTS)
    return out | named(rng, screen_width=(Number("390.0"), Number("1080"), Number("390.7"), "390.5", "x"), screen_height=(Number("844"), Number("844.9"), Number("-1.5")),
                       screen_density=(Number("2.75"), "3.0"), locale=("de", "en_US"), timezone=("Europe/Berlin",), network_carrier=("T", ""), device_id=DISTINCT)


def properties(rng):
    out = call.properties(rng)
    for make, chance in ((web, 0.6), (mobile, 0.35)):
        if rng.random() < chance:
            out |= make(rng)
    if rng.random() < 0.8:
        out["$lib"] = some(rng, LIBRARIES)
    if rng.random() < 0.4:
        out["$set"] = person(rng)
    if rng.random() < 0.3:
        out |= optional(rng, transaction_id=("t-1", ""), orderId=("O-2",), transactionId=("t-2",), _scid=("c-1", ""), sc_cookie1=("c-2",), sccid=("p-click", ""),
                        email=pools.EMAILS, phone=pools.PHONES)
    if rng.random() < 0.03:
        out["$is_emulator"] = rng.choice(FLAGS)
    return out


def texted(rng, members):
    """Members as the JSON text that the pipeline's topics hold; what is odd about them is odd inside."""
    for _ in range(rng.choice((0, 0, 1, 3))):
        if members:
            members[rng.choice(list(members))] = pools.anything(rng)
    text = dump(members)
    return rng.choice((text[:-1], "", "[]", "null", text + "x", f" {text}\n")) if rng.random() < 0.03 else text


def facts(rng):
    out = {"event": call.name(rng, NAMES, ODD), "timestamp": pools.time(rng)} | optional(rng, uuid=("u-1", "u-2", *pools.IDS), distinct_id=DISTINCT)
    return out | {"properties": properties(rng)} if rng.random() < 0.97 else out


def around(rng):
    """What stands beside an event and says less of it than the event itself."""
    return optional(rng, uuid=("around", ""), distinct_id=("nobody",), timestamp=("2022-04-22T09:00:00Z",)) if rng.random() < 0.3 else {}


def destination(rng):
    event = facts(rng) | {"elements_chain": "", "url": "https://eu.posthog.com/e"}
    if rng.random() < 0.2:
        event["name"] = event.pop("event")
    out = around(rng) | {"event": event}
    if rng.random() < 0.8:
        out["person"] = optional(rng, id=("0190-p", ""), uuid=("0190-q",), name=("Jane",), properties=person)
    return out


def line(rng):
    out = facts(rng) | optional(rng, person_id=("0190-p", ""), created_at=("2022-04-22T10:58:00Z",))
    return out | {"person_properties": person(rng)} if rng.random() < 0.8 else out


def topic(rng):
    out = line(rng) | {"team_id": Number("7"), "project_id": Number("7"), "person_mode": some(rng, ("full", "propertyless", "force_upgrade"))}
    if rng.random() < 0.8:
        out["timestamp"] = some(rng, CLOCKS)
    if rng.random() < 0.05:
        out["historical_migration"] = rng.choice(FLAGS)
    return out | {name: texted(rng, out[name]) for name in ("properties", "person_properties") if name in out}


def capture(rng):
    out = around(rng) | {"api_key": "k", "batch": [facts(rng) for _ in range(some(rng, (1, 2, 3, 0, 5)))], "sent_at": "2022-04-22T11:00:00Z"}
    return out | {"historical_migration": rng.choice(FLAGS)} if rng.random() < 0.05 else out


def ingestion(rng):
    event = facts(rng) if rng.random() < 0.97 else capture(rng)
    out = {"uuid": event.get("uuid"), "distinct_id": event.get("distinct_id"), "ip": "203.0.113.9", "now": "2022-04-22T11:00:00Z", "token": "k"}
    if rng.random() < 0.5:
        event.pop("uuid", None)
    return out | {"data": texted(rng, event)}


def record(rng):
    out = some(rng, (destination, line, topic, capture, ingestion, facts))(rng)
    if rng.random() < 0.7:
        out["context"] = {"locale": some(rng, ("de", "en"))}  # the consent that variants.py asks for
    return out
