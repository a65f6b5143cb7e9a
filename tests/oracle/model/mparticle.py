"""Preset mparticle: a batch of mParticle, many events of one person. Each is mapped with the batch around it."""
from decimal import Decimal

from . import event, tables
from .event import Refused, holds
from .values import ASCII_BLANKS, Number, at, decimal_of, first_filled as first, first_filled_id as first_id, ids, text_of, texts_of

PRESET = "mparticle"
MEMBER = "events[*]"  # where the event stands that is looked at, as expressions write it
NAMES = {
    "commerce.purchase": "PURCHASE", "commerce.checkout": "START_CHECKOUT", "commerce.add_to_cart": "ADD_CART",
    "commerce.add_to_wishlist": "ADD_TO_WISHLIST", "commerce.view_detail": "VIEW_CONTENT", "commerce.impression": "LIST_VIEW",
    "promotion.click": "AD_CLICK", "promotion.view": "AD_VIEW", "ast.first_run": "APP_INSTALL", "first_run": "APP_INSTALL",
    "ast.application_foreground": "APP_OPEN", "screen_view": "PAGE_VIEW",
}
APPS = ("ios", "android", "tvos", "fire_tv")
SYSTEMS = {"ios": "i2", "tvos": "i2", "android": "a2", "fire_tv": "a2", "firetv": "a2"}
FLAG = "events[*].data.custom_flags"
ACTION = "events[*].data.product_action"
DEDUP = "SnapchatConversions.ClientDedupId"


def events(record):
    """None when `events` is neither a list nor absent: then the record is no batch."""
    listed = record.get("events")
    if listed is None:
        return []
    return [{**record, MEMBER: member} for member in listed] if isinstance(listed, list) else None


def around(record):
    return {**record, MEMBER: None}


def word(record, path):
    return (text_of(at(record, path)) or "").strip(ASCII_BLANKS).lower()


def flag(record, name):
    """A member whose own name has a dot in it."""
    flags = at(record, FLAG)
    return first({"flag": flags.get(name) if isinstance(flags, dict) else None}, "flag")


def yes(value):
    return event.scalar_text(value).strip(ASCII_BLANKS).lower() in ("true", "1")


def impressions(record):
    lists = at(record, "events[*].data.product_impressions")
    products = [at(one, "products") for one in lists] if isinstance(lists, list) else []
    return [product for listed in products if isinstance(listed, list) for product in listed]


def names(record, _config):
    if word(record, "environment") == "development":
        raise Refused("event.left.out", "skip")
    kind = word(record, "events[*].event_type")
    if kind == "custom_event" or typed(record, kind) is None:
        raw, known = text_of(at(record, "events[*].data.event_name")), tables.NATIVE_BY_FOLD
    else:
        raw, known = typed(record, kind), NAMES
    if not raw:
        raise Refused("event.name.missing")
    return [(raw, known.get(tables.fold(raw)))]


def typed(record, kind):
    """The stable name of an event that has a type of mParticle's."""
    for prefix, path in (("commerce.", ACTION + ".action"), ("promotion.", "events[*].data.promotion_action.action")):
        if holds(at(record, path)):
            return prefix + (text_of(at(record, path)) or "").strip(ASCII_BLANKS)
    if kind == "commerce_event" and holds(next((p for p in impressions(record) if p is not None), None)):
        return "commerce.impression"
    transition = at(record, "events[*].data.application_transition_type")
    if holds(transition):
        first_run, upgrade = (holds(at(record, "events[*].data." + name)) for name in ("is_first_run", "is_upgrade"))
        name = (text_of(transition) or "").strip(ASCII_BLANKS)
        return "ast.first_run" if name.lower() == "application_initialized" and first_run and not upgrade else "ast." + name
    kind = at(record, "events[*].event_type")
    return (text_of(kind) or "") if holds(kind) else None


def time(record):
    return event.time_ms(first(record, "events[*].data.timestamp_unixtime_ms", "events[*].data.event_start_unixtime_ms"))


def source(record):
    platform, system, channel = (word(record, p) for p in ("device_info.platform", "application_info.os", "source_info.channel"))
    if platform in APPS:
        return "MOBILE_APP"
    if platform == "web":
        return "WEB"
    if platform == "out_of_band" or (channel in ("partner", "server_to_server") and not holds(at(record, "device_info.platform"))):
        return "OFFLINE"
    if system in (*APPS, "firetv"):
        return "MOBILE_APP"
    if system in ("web", "mobileweb"):
        return "WEB"
    return {"native": "MOBILE_APP", "javascript": "WEB", "pixel": "WEB"}.get(channel, "OFFLINE")


def own_id(record, _name):
    found = ids(flag(record, DEDUP))
    products = at(record, ACTION + ".products")
    if found is None and isinstance(products, list) and len(products) == 1:
        attributes = at(products[0], "custom_attributes")
        found = first_id({"id": attributes.get(DEDUP) if isinstance(attributes, dict) else None}, "id")
    if found is None:
        found = first_id(record, "events[*].data.source_message_id", "events[*].data.message_id", "events[*].message_id", "events[*].data.event_id")
    return text_of(found)


def identities(record):
    """By type: outgoing batches list them, inbound ones are an object."""
    raw = record.get("user_identities")
    if isinstance(raw, list):
        out = {}
        for one in raw:
            kind = text_of(at(one, "identity_type"))
            if kind and at(one, "identity") is not None:
                out.setdefault(kind, one["identity"])
        return out
    return raw if isinstance(raw, dict) else {}


def user(record):
    known = identities(record)

    def attribute(name):
        found = at(record, "user_attributes." + name)
        if isinstance(found, list) and found and first({"0": found[0]}, "0") is not None:
            return found[0]
        return found

    att = at(record, "device_info.att_authorization_status")
    refused = text_of(att) is None or text_of(att).strip(ASCII_BLANKS) != "authorized" if holds(att) else yes(at(record, "device_info.limit_ad_tracking"))
    kinds = ("ios_advertising_id", "android_advertising_id")
    if word(record, "device_info.platform") in ("android", "fire_tv"):
        kinds = kinds[::-1]
    phones = [*(known.get(n) for n in ("mobile_number", "phone_number_2", "phone_number_3")), at(record, "user_attributes.$mobile")]
    return {
        "em": known.get("email"), "ph": [t for p in phones for t in texts_of(p)], "external_id": known.get("customer_id"),
        "fn": attribute("$firstname"), "ln": attribute("$lastname"), "ge": attribute("$gender"), "ct": attribute("$city"),
        "st": attribute("$state"), "zp": attribute("$zip"), "country": attribute("$country"),
        "client_ip_address": record.get("ip"), "client_user_agent": at(record, "device_info.http_header_user_agent"),
        "madid": None if refused else first_id(record, *("device_info." + n for n in kinds)),
        "idfv": at(record, "device_info.ios_idfv"),
        "sc_click_id": flag(record, "SnapchatConversions.ClickId"), "sc_cookie1": flag(record, "SnapchatConversions.Cookie1"),
    }


def top(record, source_):
    out = {}
    if source_ == "WEB":
        page = flag(record, "SnapchatConversions.PageUrl")
        out["event_source_url"] = event.address_of(page if page is not None else first(record, FLAG + ".page_url", "events[*].data.page_url"))
    if yes(at(record, "consent_state.ccpa.data_sale_opt_out.consented")):
        out["data_processing_options"] = ["LDU"]
    return out


CONTENT = (("id", ("id",), "text"), ("quantity", ("quantity",), "number"), ("item_price", ("price",), "number"), ("brand", ("brand",), "text"))


def lines_of(record):
    listed = first(record, ACTION + ".products")
    if listed is None:
        lists = at(record, "events[*].data.product_impressions")
        listed = next((found for found in (at(one, "products") for one in lists) if found is not None), None) if isinstance(lists, list) else None
        listed = impressions(record) if isinstance(listed, list) else None
    return [p for p in listed if isinstance(p, dict)] if isinstance(listed, list) else []


def total(lines):
    """The sum of the lines' own totals, a line without one counts by price and quantity."""
    own = [first(p, "total_product_amount") for p in lines]
    parts = [event.summed([p]) if t is None or isinstance(t, (list, dict)) else event.finite(decimal_of(t)) for p, t in zip(lines, own)]
    return Number(str(sum(Decimal(p.text) for p in parts))) if parts and None not in parts else None


def units(lines):
    """The units, or the lines where something is sold by weight."""
    given = [Number("1") if p.get("quantity") is None else event.finite(decimal_of(p["quantity"])) for p in lines]
    if any(q is None or not 0 <= Decimal(q.text) < 2**63 for q in given):
        return None
    return Number(str(len(lines))) if any(Decimal(q.text) % 1 for q in given) else event.units(lines)


def custom(record, name, config):
    lines = lines_of(record)
    out = {"value": event.value_of(at(record, ACTION + ".total_amount"))}
    if out["value"] is None:
        out["value"] = total(lines)
    out["currency"] = event.currency_of(at(record, "events[*].data.currency_code"), name, config, out["value"] is not None)
    out["order_id"] = text_of(ids(at(record, ACTION + ".transaction_id")))
    out["num_items"] = units(lines) if lines else None
    for field in ("search_string", "sign_up_method", "event_tag", "description", "level"):
        out[field] = text_of(at(record, "events[*].data.custom_attributes." + field))
    out["content_ids"] = event.present(event.id_among(p, "id") for p in lines)
    out["content_category"] = event.present(text_of(p.get("category")) for p in lines)
    out["brands"] = event.present(text_of(p.get("brand")) for p in lines)
    out["contents"] = [event.content_of(p, CONTENT) for p in lines]
    return out


def locale(device):
    """Language and country; a country alone is none."""
    language, country = (event.scalar_text(device.get("locale_" + n)) for n in ("language", "country"))
    if not language.strip(ASCII_BLANKS):
        return ""
    return language.replace("-", "_") + ("_" + country if country.strip(ASCII_BLANKS) else "")


def zone(raw):
    """Hours from GMT: GMT-4, GMT+5:30; a fraction must be whole seconds, of which the minutes are written."""
    hours = decimal_of(raw)
    seconds = Decimal(hours.text) * 3600 if hours else None
    if seconds is None or seconds != int(seconds) or abs(seconds) > 86_400:
        return ""
    minutes = int(abs(seconds)) // 60
    return f"GMT{'-' if seconds < 0 else '+'}{minutes // 60}" + (f":{minutes % 60:02}" if minutes % 60 else "")


def app(record, config, source_):
    if source_ != "MOBILE_APP":
        return None
    device, about = (record.get(n) if isinstance(record.get(n), dict) else {} for n in ("device_info", "application_info"))
    system = SYSTEMS.get(word(record, "device_info.platform")) or SYSTEMS.get(word(record, "application_info.os"))
    free = event.finite(decimal_of(at(record, "events[*].data.device_current_state.disk_space_free_bytes")))
    unlimited = event.scalar_text(device.get("limit_ad_tracking")).strip(ASCII_BLANKS).lower() in ("false", "0")
    if holds(device.get("att_authorization_status")):
        tracking = word(record, "device_info.att_authorization_status") == "authorized"
    else:
        tracking = unlimited and first(device, "android_advertising_id") is not None
    return {
        "app_id": config.get("app_id"),
        "advertiser_tracking_enabled": Number("1" if tracking else "0"),
        "extinfo": [
            system or ("i2" if str(config.get("app_id", "")).isdigit() else "a2"),
            *(event.filled_text(about.get(n)) for n in ("package", "application_build_number", "application_version")),
            *(event.filled_text(device.get(n)) for n in ("os_version", "device_model")),
            locale(device), zone(device.get("timezone_offset")),
            *(event.filled_text(device.get(n)) for n in ("network_carrier", "screen_width", "screen_height")),
            "", "", "", str(int(Decimal(free.text) / 10**9)) if free else "", ""],
    }
