"""Preset rudder: a call as RudderStack records it."""
from . import event, tables
from .event import Refused
from .values import ASCII_BLANKS, Number, at, first_filled as first, first_filled_id as first_id, ids, integer_of, joined_or_list, text_of, texts_of

PRESET = "rudder"
CHANNELS = {"web": "WEB", "mobile": "MOBILE_APP", "mobile_app": "MOBILE_APP", "offline": "OFFLINE"}
IDS = {"START_CHECKOUT": ("client_dedup_id", "order_id", "orderId"), "PURCHASE": ("client_dedup_id", "order_id", "orderId"),
       "ADD_BILLING": ("client_dedup_id", "checkout_id", "transactionId")}
SUMMED = ("VIEW_CONTENT", "START_CHECKOUT", "PURCHASE")


def names(record, config):
    kind = (text_of(record.get("type")) or "track").strip(ASCII_BLANKS).lower()
    if kind == "page":
        return [("page", "PAGE_VIEW")]
    if kind != "track":
        return [(kind, None)]
    raw = text_of(record.get("event"))
    if raw is None:
        raise Refused("event.name.missing")
    return [(raw, tables.RUDDER.get(tables.fold(raw)) or tables.NATIVE_BY_FOLD.get(tables.fold(raw)))]


def time(record):
    return event.time_ms(first(record, "timestamp", "originalTimestamp"))


def source(record):
    for path in ("properties.eventConversionType", "channel"):
        word = text_of(at(record, path))
        if word and tables.fold(word) in CHANNELS:
            return CHANNELS[tables.fold(word)]
    return "OFFLINE"


def own_id(record, name):
    fields = IDS.get(name, ("client_dedup_id", "transaction_id", "transactionId"))
    return text_of(first_id(record, *("properties." + f for f in fields), "messageId"))


def att_status(record):
    """Apple's number for what became of the tracking prompt, as a text."""
    return (text_of(at(record, "context.device.attTrackingStatus")) or "").strip(ASCII_BLANKS)


def user(record):
    def person(*names):
        return first(record, *(f"{where}.{n}" for n in names for where in ("traits", "context.traits")))

    refused = att_status(record) in ("0", "1", "2")  # Apple's prompt: not 3, authorized
    zips = ("zip", "zipcode", "zip_code", "zipCode", "postalcode", "postal_code", "postalCode")
    return {
        "em": first(record, "traits.email", "context.traits.email", "properties.email"),
        "ph": first(record, "traits.phone", "context.traits.phone", "properties.phone"),
        "external_id": first_id(record, "userId", "anonymousId"),
        "fn": person("firstName", "firstname", "first_name"), "ln": person("lastName", "lastname", "last_name"),
        "ge": person("gender"), "st": person("state", "address.state"), "country": person("country", "address.country"), "ct": person("address.city"),
        "zp": person(*zips, *("address." + z for z in zips)),
        "client_ip_address": first(record, "context.ip", "request_ip"), "client_user_agent": at(record, "context.userAgent"),
        "idfv": first_id(record, "properties.idfv", "context.device.id"),
        "madid": None if refused else first_id(record, "properties.adId", "context.device.advertisingId"),
        "sc_click_id": at(record, "properties.click_id"), "sc_cookie1": at(record, "properties.uuid_c1"),
    }


def top(record, source_):
    out = {"event_source_url": event.address_of(first(record, "context.page.url", "properties.url")) if source_ == "WEB" else None}
    if att_status(record) == "2":
        out["data_processing_options"] = ["LDU"]
    return out


CONTENT = (("id", ("product_id", "sku", "id"), "text"), ("quantity", ("quantity",), "number"), ("item_price", ("price",), "number"),
           ("delivery_category", ("delivery_category",), "text"), ("brand", ("brand",), "text"))
IDS_OF_LINES = ("VIEW_CONTENT", "ADD_CART", "ADD_TO_WISHLIST", "START_CHECKOUT", "PURCHASE")


def value(own, name, lines):
    out = event.value_of(first(own, "price", "value", "revenue"))
    if name in SUMMED and (out is None or out == Number("0")):
        return event.summed(lines) or out
    return out


def content_ids(own, name, lines):
    listed = None if name in IDS_OF_LINES else ids(own.get("item_ids"))
    if texts_of(listed):
        return joined_or_list(listed)
    return event.present(event.id_among(p, "product_id", "sku", "id") for p in lines)


def custom(record, name, config):
    own = at(record, "properties") if isinstance(at(record, "properties"), dict) else {}
    lines = event.lines_of(own, "product_id", "sku", "id")
    listed = isinstance(own.get("products"), list)
    out = {"value": value(own, name, lines if listed else [])}
    out["currency"] = event.currency_of(own.get("currency"), name, config, out["value"] is not None)
    out["order_id"] = text_of(first_id(own, "order_id", "orderId", *(("transaction_id", "transactionId") if name == "PURCHASE" else ())))
    out["num_items"] = integer_of(first(own, "number_items", "quantity")) or (event.units(lines) if listed and lines else None)
    if name != "PURCHASE":
        out["search_string"] = text_of(first(own, "search_string", *(("query",) if name == "SEARCH" else ())))
    category = first(own, "item_category", "category") if name == "PURCHASE" else own.get("category")
    category = texts_of(category) if isinstance(category, list) else text_of(category)
    out["content_category"] = category or event.present(text_of(p.get("category")) for p in lines)
    out["content_ids"] = content_ids(own, name, lines)
    out["brands"] = joined_or_list(first(own, "brands", "brand")) or event.present(text_of(p.get("brand")) for p in lines)
    out["contents"] = [event.content_of(p, CONTENT) for p in lines]
    return out


def app(record, config, source):
    if source != "MOBILE_APP":
        return None
    authorized = att_status(record) == "3"
    hardware = [event.filled_text(at(record, "properties." + name)) for name in ("cpu_cores", "storage", "free_storage")]
    return {
        "app_id": config.get("app_id"),
        "advertiser_tracking_enabled": event.switch(at(record, "properties.att_status")) or Number("1" if authorized else "0"),
        "extinfo": event.extinfo(record, event.platform(record) or "a2", hardware, event.filled_text),
    }
