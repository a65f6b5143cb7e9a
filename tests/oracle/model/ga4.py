"""Preset ga4: event data of a server-side Tag Manager, bodies of the Measurement Protocol, rows of the BigQuery export."""
import base64
import re

from . import event, match_keys, tables
from .event import Refused
from .values import ASCII_BLANKS, Number, decimal_of, ids, integer_of, joined_or_list, text_of, texts_of

PRESET = "ga4"
NAMES = {
    "page_view": "PAGE_VIEW", "gtm.dom": "PAGE_VIEW", "view_item": "VIEW_CONTENT", "gtm4wp.productClickEEC": "VIEW_CONTENT",
    "view_item_list": "LIST_VIEW", "add_to_cart": "ADD_CART", "gtm4wp.addProductToCartEEC": "ADD_CART", "add_to_wishlist": "ADD_TO_WISHLIST",
    "begin_checkout": "START_CHECKOUT", "add_payment_info": "ADD_BILLING", "purchase": "PURCHASE", "gtm4wp.orderCompletedEEC": "PURCHASE",
    "sign_up": "SIGN_UP", "generate_lead": "SIGN_UP", "search": "SEARCH", "tutorial_complete": "COMPLETE_TUTORIAL", "start_trial": "START_TRIAL",
    "subscribe": "SUBSCRIBE", "login": "LOGIN", "share": "SHARE", "view_promotion": "AD_VIEW", "select_promotion": "AD_CLICK",
    "level_up": "LEVEL_COMPLETE", "unlock_achievement": "ACHIEVEMENT_UNLOCKED", "spend_virtual_currency": "SPENT_CREDITS",
    "first_open": "APP_INSTALL", "app_open": "APP_OPEN",
}
BY_FOLD = {k: v for k, v in tables.NATIVE_BY_FOLD.items() if v != "AD_CLICK"} | {tables.fold(k): v for k, v in NAMES.items()}
KINDS = ("string_value", "int_value", "double_value", "float_value")
NOT_SET = "(not set)"


def walk(value, path):
    """The value under a path of names and [n]."""
    for step in re.findall(r"[^.\[\]]+", path):
        if isinstance(value, list):
            value = value[int(step)] if step.isdigit() and int(step) < len(value) else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value


def parameters(rows):
    """event_params as an object: of a key's rows, and of a row's typed values, the first that is a scalar."""
    out = {}
    for row in rows if isinstance(rows, list) else []:
        key, union = walk(row, "key"), walk(row, "value")
        found = next((v for v in (walk(union, kind) for kind in KINDS) if v is not None and not isinstance(v, (dict, list))), None)
        if isinstance(key, str) and out.get(key) is None:
            out[key] = found
    return out


def filled(value):
    """The value, unless it is a blank text or what Google writes for nothing."""
    return None if isinstance(value, str) and (not value.strip(ASCII_BLANKS) or value == NOT_SET) else value


class View:
    """One event of a record, whatever its shape: parameters of a member, then the record's own members, then its event_params."""

    def __init__(self, record, member=None):
        self.name = walk(member, "name")
        own = walk(member, "params")
        self.micros = next((v for v in (walk(member, "timestamp_micros"), walk(own, "timestamp_micros")) if v is not None), None)
        self.layers = (own, record, parameters(record.get("event_params")))

    def look(self, path):
        return next((v for v in (walk(layer, path) for layer in self.layers) if v is not None), None)

    def first(self, *paths):
        """The first that is not null, no blank text and not what Google writes for nothing."""
        return next((v for v in map(filled, map(self.look, paths)) if v is not None), None)

    def first_id(self, *paths):
        """The same, of ids."""
        return next((v for v in map(ids, map(filled, map(self.look, paths))) if v is not None), None)


def events(record):
    listed = record.get("events")
    return [View(record, m) for m in listed] if isinstance(listed, list) else None


def flat(record):
    return View(record)


around = flat  # what a batch says without its members


def names(record, _config):
    own = filled(record.name)
    raw = text_of(record.first("event_name") if own is None else own)
    if raw is None:
        raise Refused("event.name.missing")
    return [(raw, BY_FOLD.get(tables.fold(raw)))]


def time(record):
    own = filled(record.micros)
    return event.time_ms(record.first("event_timestamp", "event_time", "timestamp_micros", "timestamp") if own is None else own)


def system(record):
    for path in ("platform", "device.operating_system"):
        word = (text_of(record.first(path)) or "").strip(ASCII_BLANKS).lower()
        words = {"ios": "i2", "android": "a2"} if path == "platform" else event.SYSTEMS
        if word in words:
            return words[word]
    return None


def source(record):
    platform = (text_of(record.first("platform")) or "").strip(ASCII_BLANKS).lower()
    return "MOBILE_APP" if says(record.first("app_instance_id")) or platform in ("ios", "android") else "WEB"


def own_id(record, name):
    return text_of(record.first_id("event_id", *(("transaction_id", "ecommerce.transaction_id") if name == "PURCHASE" else ())))


def digest(text):
    """A SHA-256 digest in hex or in base64 of either alphabet, as hex; digests of other lengths stay what they are, to be refused by length."""
    text = text.strip()
    if match_keys.HEX.match(text) and len(text) in (64, *match_keys.OTHER_DIGESTS):
        return text
    if re.fullmatch(r"[A-Za-z0-9+/_-]{43}=?", text):
        return base64.b64decode(text[:43].translate(str.maketrans("-_", "+/")) + "=").hex()
    return None


def hashed_texts(value):
    return event.present(map(digest, texts_of(value)))


def says(value):
    """Whether a value is there that says something: not false."""
    return value is not None and event.scalar_text(value).lower() != "false"


def click(record):
    address = record.first("page_location")
    query = address.partition("?")[2].partition("#")[0] if isinstance(address, str) else ""
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        if name.lower() == "sccid" and value:
            if ids(value):
                return value
            break
    return record.first_id("click_id", "_scclid", "scclid", "common_cookie._scclid")


def user(record):
    def address(name):
        return record.first(f"user_data.address.{name}", f"user_data.address[0].{name}")

    def person(clear, *hashes):
        found = record.first(*clear)
        return found if found is not None else hashed_texts(record.first(*hashes))

    def part(name):
        return person((f"user_data.address.{name}", f"user_data.address[0].{name}"),
                      f"user_data.address.sha256_{name}", f"user_data.address[0].sha256_{name}")

    ip = text_of(record.first("ip_override"))
    limited = (event.scalar_text(record.first("device.is_limited_ad_tracking"))).strip(ASCII_BLANKS).lower() in ("true", "yes", "1")
    unusable = record.first("user_data.sha256_phone_number")
    phone = record.first("user_data.phone_number", "user_data.phone", "phone")
    return {
        "em": person(("user_data.email_address", "user_data.email", "email"), "user_data.sha256_email_address"),
        "ph": phone,
        "foreign": phone is None and any(isinstance(v, (str, Number)) for v in (unusable if isinstance(unusable, list) else [unusable])),
        "external_id": record.first_id("external_id", "user_id"),
        "fn": part("first_name"), "ln": part("last_name"),
        "country": address("country"), "ct": address("city"), "st": address("region"), "zp": address("postal_code"),
        "client_ip_address": ip.partition(",")[0] if ip else None, "client_user_agent": record.first("user_agent"),
        "madid": None if limited else record.first_id("device.advertising_id", "madid"), "idfv": record.first_id("device.vendor_id", "idfv"),
        "sc_click_id": click(record), "sc_cookie1": record.first_id("_scid", "scid", "common_cookie._scid"),
        "subscription_id": record.first_id("subscription_id"), "lead_id": record.first_id("lead_id"), "anon_id": record.first_id("anon_id"),
    }


def top(record, source_):
    out = {"event_source_url": event.address_of(record.first("page_location")) if source_ == "WEB" else None}
    options = record.look("data_processing_options")
    if isinstance(options, list):
        out["data_processing_options"] = event.options_of([w for v in options for w in (v if isinstance(v, list) else [v])])
    return out


def line(item):
    """A product line as the shared functions read it: Google's placeholder is nothing, a quantity that is not there is one."""
    out = {k: filled(v) for k, v in item.items()}
    if out.get("quantity") is None:
        out["quantity"] = Number("1")
    return out


CONTENT = (("id", ("item_id", "item_name"), "text"), ("quantity", ("quantity",), "number"), ("item_price", ("price",), "number"),
           ("brand", ("item_brand",), "text"))


def custom(record, name, config):
    listed = next((v for v in map(record.look, ("items", "ecommerce.items")) if v is not None), None)
    lines = [line(i) for i in listed if isinstance(i, dict)] if isinstance(listed, list) else []
    out = {"value": event.value_of(record.first("value", *(("ecommerce.purchase_revenue",) if name == "PURCHASE" else ())))}
    if out["value"] is None:
        out["value"] = event.summed(lines)
    out["currency"] = event.currency_of(record.first("currency", "items[0].currency"), name, config, out["value"] is not None)
    out["order_id"] = text_of(record.first_id("transaction_id", "ecommerce.transaction_id"))
    out["num_items"] = (event.units(lines) if lines else None) or integer_of(record.first("ecommerce.total_item_quantity"))
    out["content_ids"] = event.present(event.id_among(i, "item_id", "item_name") for i in lines)
    out["content_category"] = event.present(text_of(i.get("item_category")) for i in lines)
    out["brands"] = joined_or_list(record.first("brands")) or event.present(text_of(i.get("item_brand")) for i in lines)
    out["contents"] = [event.content_of(i, CONTENT) for i in lines]
    out["search_string"] = text_of(record.first("search_term"))
    out["sign_up_method"] = text_of(record.first("sign_up_method", *(("method",) if name == "SIGN_UP" else ())))
    out["predicted_ltv"] = event.finite(decimal_of(record.first("predicted_ltv")))
    out["level"] = text_of(record.first("level")) if name == "LEVEL_COMPLETE" else None
    return out


def zone(value):
    """Seconds east of Greenwich as GMT-3:30."""
    number = integer_of(value)
    if number is None or abs(int(number.text)) > 86_400:
        return ""
    minutes = abs(int(number.text)) // 60
    return f"GMT{'-' if int(number.text) < 0 else '+'}{minutes // 60}" + (f":{minutes % 60:02}" if minutes % 60 else "")


def tracking(record):
    """1 only where the device says so: an id that is not zeros and no limit on it."""
    limit = event.switch(record.first("device.is_limited_ad_tracking"))
    device = record.first("device.advertising_id")
    if isinstance(device, str) and not device.strip(ASCII_BLANKS).strip("0-"):
        return Number("0")
    allowed = says(device) and limit == Number("0")
    return Number("1") if allowed or event.switch(record.first("app_data.advertiser_tracking_enabled")) == Number("1") else Number("0")


def app(record, config, source_):
    if source_ != "MOBILE_APP":
        return None

    def word(*paths):
        return event.filled_text(record.first(*paths))

    device = [word("device.operating_system_version"), word("device.mobile_model_name", "device.model"), word("device.language").replace("-", "_"),
              zone(record.first("device.time_zone_offset_seconds"))]
    guessed = "i2" if str(config.get("app_id", "")).isdigit() else "a2"
    return {
        "app_id": config.get("app_id"), "advertiser_tracking_enabled": tracking(record),
        "extinfo": [system(record) or guessed, word("app_info.id"), "", word("app_info.version"), *device, *[""] * 8],
    }
