"""Preset posthog: events of PostHog's destinations, batch exports, pipeline topics and capture API."""
import datetime
import re
from decimal import Decimal

from . import event, tables
from .event import Refused
from .values import ASCII_BLANKS, NotJson, Number, at, decimal_of, first_filled as first, first_filled_id as first_id, ids, parse, text_of, texts_of

PRESET = "posthog"
BY_FOLD = {tables.fold(name): target for name, target in {
    "$pageview": "PAGE_VIEW", "Order Completed": "PURCHASE", "Checkout Started": "START_CHECKOUT", "Product Added": "ADD_CART",
    "Payment Info Entered": "ADD_BILLING", "Promotion Clicked": "AD_CLICK", "Promotion Viewed": "AD_VIEW",
    "Product Added to Wishlist": "ADD_TO_WISHLIST", "Product Viewed": "VIEW_CONTENT", "Product List Viewed": "VIEW_CONTENT",
    "Products Searched": "SEARCH", "Application Installed": "APP_INSTALL", "Application Opened": "APP_OPEN", "Signed Up": "SIGN_UP",
    "Signed In": "LOGIN", "Product Shared": "SHARE"}.items()}
APP_LIBRARIES = ("posthog-ios", "posthog-android", "posthog-react-native", "posthog-flutter")
WEB_LIBRARIES = ("web", "posthog-js")


def inside(value):
    """The object that a text holds as JSON, as the pipeline's topics have it."""
    if not isinstance(value, str) or not value.strip(ASCII_BLANKS).startswith("{"):
        return value
    try:
        return parse(value.encode("utf-8", "surrogatepass"))
    except NotJson as e:
        raise Refused("record.not.json") from e


def objects(value):
    return value if isinstance(value, dict) else {}


def over(*layers):
    """The members of all layers: of one name the last that is not null."""
    out = {}
    for layer in layers:
        out |= {k: v for k, v in layer.items() if v is not None or k not in out}
    return out


def flat(record):
    """Every form as a line of a batch export has it; the event's own members stand before those of what wraps it."""
    data, wrapped = objects(inside(record.get("data"))), objects(record.get("event"))
    out = over(record, data, wrapped)
    out["event"] = first(out if wrapped else over(record, data), "name", "event")
    if isinstance(out["event"], dict):
        out["event"] = None
    out["person"] = record.get("person")
    out["properties"] = objects(inside(out.get("properties")))
    own = objects(inside(out.get("person_properties")))
    out["person_properties"] = {**objects(inside(at(record, "person.properties"))), **own}
    return out


def events(record):
    """The members of a capture body. What it says of all of them, that they are an import, holds for each."""
    if not isinstance(record.get("batch"), list):
        return None
    about = around(record)
    return [over(about, objects(m)) | {n: objects(objects(m).get(n)) for n in ("properties", "person_properties")} for m in record["batch"]]


def around(record):
    return {k: v for k, v in record.items() if k in ("historical_migration", "context", "uuid", "timestamp", "distinct_id")}


def names(record, config):
    if yes(at(record, "properties.$is_emulator")) or yes(record.get("historical_migration")):
        raise Refused("event.left.out", "skip")
    raw = text_of(record.get("event"))
    if raw is None:
        raise Refused("event.name.missing")
    return [(raw, BY_FOLD.get(tables.fold(raw)) or tables.NATIVE_BY_FOLD.get(tables.fold(raw)))]


def yes(value):
    return word(value) in ("true", "1")


def something(value):
    return value is not None and word(value) != "false"


def word(value):
    return event.scalar_text(value).strip(ASCII_BLANKS).lower()


def time(record):
    """As elsewhere, and the pipeline's own form, which is UTC without saying so."""
    raw = first(record, "timestamp")
    if isinstance(raw, str) and re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?", raw.strip(ASCII_BLANKS)):
        raw = raw.strip(ASCII_BLANKS) + "Z"
    return event.time_ms(raw)


def source(record):
    own = record["properties"]
    library = word(own.get("$lib"))
    if library in APP_LIBRARIES or something(first(own, "$app_namespace")):
        return "MOBILE_APP"
    return "WEB" if library in WEB_LIBRARIES or something(first(own, "$current_url")) else "OFFLINE"


def own_id(record, _name):
    return text_of(first_id(record, "uuid"))


def known(record):
    """Whether distinct_id is an id that the site gave: PostHog says so, or there is a person and it is not the device's."""
    distinct = first(record, "distinct_id")
    person = something(distinct) and something(first(record, "person_id", "person.id", "person.uuid"))
    device = event.scalar_text(at(record, "properties.$device_id")).strip(ASCII_BLANKS)
    return yes(at(record, "properties.$is_identified")) or (person and event.scalar_text(distinct).strip(ASCII_BLANKS) != device)


def click_in(url):
    """The value of ScCid, in any case, in the query of an address, as it is written there."""
    query = url.partition("?")[2].partition("#")[0] if isinstance(url, str) else ""
    found = (pair.partition("=")[2] for pair in query.split("&") if pair.partition("=")[0].lower() == "sccid")
    return next((value for value in found if value), None)


def user(record):
    own = record["properties"]

    def person(*names):
        return first(record, *(f"{where}.{n}" for where in ("person_properties", "properties.$set") for n in names))

    clicks = [f"{where}.{n}" for n in ("sccid", "$initial_sccid") for where in ("person_properties", "properties.$set")]
    own_address = not something(first(own, "$lib")) or word(own["$lib"]) in APP_LIBRARIES + WEB_LIBRARIES  # else a server's
    email, phone = person("email"), person("phone")
    return {
        "em": first(own, "email") if email is None else email, "ph": first(own, "phone") if phone is None else phone,
        "external_id": first(record, "distinct_id") if known(record) else None,
        "fn": person("first_name", "firstName"), "ln": person("last_name", "lastName"), "ct": person("city"), "st": person("state"),
        "country": person("country"), "zp": person("zip", "postal_code"),
        "client_ip_address": own.get("$ip") if own_address else None, "client_user_agent": own.get("$raw_user_agent"),
        "sc_click_id": ids(click_in(own.get("$current_url"))) or first_id(record, "properties.sccid", *clicks),
        "sc_cookie1": first_id(own, "_scid", "sc_cookie1"),
    }


def top(record, source_):
    return {"event_source_url": event.address_of(at(record, "properties.$current_url")) if source_ == "WEB" else None}


CONTENT = (("id", ("product_id", "sku"), "text"), ("quantity", ("quantity",), "number"), ("item_price", ("price",), "number"),
           ("brand", ("brand",), "text"))
AMOUNTS = {"PURCHASE": ("revenue", "total", "value"), "START_CHECKOUT": ("value", "revenue", "total")}


def value(own, name, lines):
    out = event.value_of(first(own, *AMOUNTS.get(name, ("value",))))
    if out is not None or name in AMOUNTS:
        return out or event.summed(lines)
    price = event.finite(decimal_of(own.get("price")))
    quantity = Number("1") if own.get("quantity") is None else event.finite(decimal_of(own["quantity"]))
    return Number(str(Decimal(price.text) * Decimal(quantity.text))) if price and quantity else None


def custom(record, name, config):
    own = record["properties"]
    lines = [{**p, "quantity": Number("1")} if first(p, "quantity") is None else p for p in event.lines_of(own, "product_id", "sku")]
    out = {"value": value(own, name, lines)}
    out["currency"] = event.currency_of(own.get("currency"), name, config, out["value"] is not None)
    out["order_id"] = text_of(first_id(own, "order_id", "orderId", "transaction_id", "transactionId"))
    out["num_items"] = event.units(lines) if lines else None
    out["search_string"] = next(iter(texts_of(own.get("query"))), None) or text_of(first(own, "search_string"))
    out["content_ids"] = event.present(event.id_among(p, "product_id", "sku") for p in lines)
    out["content_category"] = event.present(text_of(p.get("category")) for p in lines)
    out["brands"] = event.present(text_of(p.get("brand")) for p in lines)
    out["contents"] = [event.content_of(p, CONTENT) for p in lines]
    return out


PLACES = ("$app_namespace", "$app_build", "$app_version", "$os_version", "$device_model", "$locale", "", "$network_carrier",
          "$screen_width", "$screen_height", "$screen_density", "", "", "", "$timezone")
SYSTEMS = {**dict.fromkeys(("ios", "ipados", "tvos", "watchos"), "i2"), "android": "a2"}


def whole(raw):
    """A size without its fraction, which iOS writes."""
    number = event.finite(decimal_of(raw))
    return str(int(Decimal(number.text))) if number and abs(Decimal(number.text)) < 2**63 else ""


def app(record, config, source_):
    if source_ != "MOBILE_APP":
        return None
    own = record["properties"]
    system = SYSTEMS.get(word(first(own, "$os_name", "$os"))) or ("i2" if str(config.get("app_id", "")).isdigit() else "a2")
    spelled = {"$screen_width": whole, "$screen_height": whole}
    return {
        "app_id": config.get("app_id"),
        "advertiser_tracking_enabled": Number("0"),
        "extinfo": [system, *(spelled.get(place, event.filled_text)(own.get(place)) if place else "" for place in PLACES)],
    }
