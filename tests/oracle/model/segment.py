"""Preset segment: a call as Segment records it."""
from . import event, tables
from .event import Refused
from .values import ASCII_BLANKS, Number, at, first, first_id, ids, integer_of, text_of

PRESET = "segment"
BY_FOLD = {tables.fold(n): target for n, target in tables.SEGMENT.items()}
DESTINATION = "Snap Conversions Api"


def disabled(record):
    """Whether the author switched Snapchat off: its own name false, or All false without it."""
    integrations = record.get("integrations")
    if not isinstance(integrations, dict):
        return False
    if integrations.get(DESTINATION) is not None:
        return integrations[DESTINATION] is False
    return integrations.get("All") is False


def names(record, config):
    """A page call is a page view; a track call, or one without a type, is named by its event; the other calls have no mapping."""
    kind = (text_of(record.get("type")) or "track").strip(ASCII_BLANKS).lower()
    if kind == "page":
        return [("page", "PAGE_VIEW")]
    if kind != "track":
        return [(kind, None)]
    raw = text_of(record.get("event"))
    if raw is None:
        raise Refused("event.name.missing")
    return [(raw, BY_FOLD.get(tables.fold(raw)) or tables.NATIVE_BY_FOLD.get(tables.fold(raw)))]


def time(record):
    return event.time_ms(record.get("timestamp"))


def source(record):
    channel = (text_of(first(record, "context.channel", "channel")) or "").strip().lower()
    page = event.holds(at(record, "context.page"))
    in_browser = not event.platform(record, "context.device.type") and page  # then the system is the browser's
    if channel == "mobile" or (event.platform(record) and not in_browser):
        return "MOBILE_APP"
    if channel == "server" and not page:
        return "OFFLINE"
    return "WEB"


def own_id(record, _name):
    return text_of(ids(record.get("messageId")))


def user(record):
    refused = event.switch(at(record, "context.device.adTrackingEnabled")) == Number("0")  # the person switched tracking off
    snap = at(record, "integrations." + DESTINATION)
    snap = snap if isinstance(snap, dict) else {}

    def person(*names):
        return first(record, *(f"{where}.{n}" for n in names for where in ("context.traits", "properties", "traits")))

    return {
        "em": first(record, "properties.email", "traits.email", "context.traits.email"),
        "ph": first(record, "properties.phone", "traits.phone", "context.traits.phone"),
        "external_id": first_id(record, "userId", "anonymousId"),
        "ge": person("gender"),
        "fn": person("first_name", "firstName"),
        "ln": person("last_name", "lastName"),
        "ct": person("address.city"), "st": person("address.state"), "country": person("address.country"), "zp": person("address.postalCode"),
        "client_ip_address": at(record, "context.ip"), "client_user_agent": at(record, "context.userAgent"),
        "idfv": at(record, "context.device.id"), "madid": None if refused else at(record, "context.device.advertisingId"),
        "sc_click_id": snap.get("click_id"), "sc_cookie1": snap.get("uuid_c1"),
    }


def top(record, _source):
    return {"event_source_url": event.address_of(at(record, "context.page.url"))}


ID = ("product_id", "sku", "id")
CONTENT = (("id", ID, "text"), ("quantity", ("quantity",), "number"), ("item_price", ("price",), "number"),
           ("delivery_category", ("delivery_category",), "text"), ("brand", ("brand",), "text"))


def custom(record, name, config):
    own = at(record, "properties") if isinstance(at(record, "properties"), dict) else {}
    lines = event.lines_of(own, "product_id", "sku")
    out = {"value": event.value_of(first(own, "revenue", "total", "value"))}
    out["currency"] = event.currency_of(own.get("currency"), name, config, out["value"] is not None)
    out["order_id"] = text_of(ids(own.get("order_id")))
    out["num_items"] = integer_of(own.get("quantity")) or (event.units(lines) if isinstance(own.get("products"), list) and lines else None)
    out["search_string"] = text_of(own.get("query"))
    out["content_ids"] = event.present(event.id_among(p, *ID) for p in lines)
    out["content_category"] = event.present(text_of(p.get("category")) for p in lines)
    out["brands"] = event.present(text_of(p.get("brand")) for p in lines)
    out["contents"] = [event.content_of(p, CONTENT) for p in lines]
    return out


def app(record, config, source):
    if source != "MOBILE_APP":
        return None
    system = event.platform(record) or ("i2" if str(config.get("app_id", "")).isdigit() else "a2")
    return {
        "app_id": config.get("app_id"),
        "advertiser_tracking_enabled": Number("0"),
        "application_tracking_enabled": event.switch(at(record, "context.device.adTrackingEnabled")),
        "extinfo": event.extinfo(record, system),
    }
