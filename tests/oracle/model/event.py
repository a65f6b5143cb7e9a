"""What all presets share: the order of checks, time, identity, and the event's parts as Snapchat gets them."""
import datetime
import re
from decimal import Decimal

from . import match_keys, tables
from .values import ASCII_BLANKS, Number, at, decimal_of, first_filled_id, ids, integer_of, joined_or_list, text_of, texts_of

DAY = 86_400_000
HASHED = {"em": match_keys.email, "ph": match_keys.phone, "external_id": match_keys.external_id, "fn": match_keys.person_name,
          "ln": match_keys.person_name, "ge": match_keys.gender, "country": match_keys.country, "ct": match_keys.city,
          "st": match_keys.state, "zp": match_keys.zip_code}
ALWAYS_LISTS = ("em", "ph", "external_id")
PLAIN = ("client_ip_address", "client_user_agent", "madid", "idfv", "sc_click_id", "sc_cookie1", "subscription_id", "lead_id",
         "download_id", "partner_id")
SYSTEMS = {**dict.fromkeys(("ios", "watchos", "ipados", "tvos", "iphone os"), "i2"), "android": "a2"}
APP_FIELDS = ("app_id", "advertiser_tracking_enabled", "extinfo", "url_schemes")
STRIPPED = ("client_ip_address", "client_user_agent", "sc_click_id")


class Refused(Exception):
    def __init__(self, code, outcome="reject"):
        super().__init__(code)
        self.code, self.outcome = code, outcome


def time_ms(raw):
    """Seconds, milliseconds or microseconds by size, or RFC 3339 with a zone."""
    if raw is None or (isinstance(raw, str) and not raw.strip(ASCII_BLANKS)):
        raise Refused("event.time.missing")
    text = text_of(raw)
    text = text.strip(ASCII_BLANKS) if text else None
    if isinstance(raw, Number) or (text and re.fullmatch(r"\d+(\.\d+)?", text)):
        n = Decimal(text)
        if n < 0:
            raise Refused("event.time.invalid")
        for limit, numerator, denominator in ((10**11, 1000, 1), (10**14, 1, 1), (10**17, 1, 1000)):
            if n < limit:
                ms = int(n * numerator / denominator)
                break
        else:
            raise Refused("event.time.invalid")
    else:
        match = isinstance(raw, str) and text and re.fullmatch(
            r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(\.\d+)?([Zz]|[+-]\d\d:?\d\d)", text)
        if not match:
            raise Refused("event.time.invalid")
        day, clock, fraction, zone = match.groups()
        leap = clock.endswith(":60")
        clock = clock[:-2] + "59" if leap else clock
        try:
            when = datetime.datetime.fromisoformat(f"{day}T{clock}{'+00:00' if zone in 'Zz' else zone}")
        except ValueError as e:
            raise Refused("event.time.invalid") from e
        ms = (int(when.timestamp()) + leap) * 1000 + int(((fraction or ".0")[1:] + "000")[:3])
    if ms < 946_684_800_000:
        raise Refused("event.time.invalid")
    return ms


def check_age(ms, source, config, now_ms):
    """The source is None when the record has none that is known: then the shorter limit holds."""
    if ms > now_ms + config.get("future_ms", 300_000):
        raise Refused("event.in.future")
    limit = 37 * DAY if source == "OFFLINE" else 7 * DAY
    if now_ms - ms > limit and config.get("too_old", "reject") != "send":
        raise Refused("event.too.old", config.get("too_old", "reject"))


def user_data(raw, source, config):
    """(user_data, whether a digest of another algorithm was dropped)."""
    out, foreign = {}, raw.get("foreign", False)  # ga4: of digests under other rules
    context = {"phone_country": config.get("phone_country"), "country": None}
    for text in texts_of(raw.get("country")):
        context["country"] = context["country"] or match_keys.country(text, {})
    for field, rule in HASHED.items():
        digests = []
        for text in texts_of(ids(raw.get(field)) if field == "external_id" else raw.get(field)):
            digest, other = match_keys.hashed(rule, text, context)
            foreign = foreign or other
            if digest and digest not in digests:
                digests.append(digest)
        if digests:
            out[field] = digests if field in ALWAYS_LISTS or len(digests) > 1 else digests[0]
    for field in PLAIN:
        text = text_of(ids(raw.get(field)) if field not in ("client_ip_address", "client_user_agent") else raw.get(field))
        if text is None:
            continue
        if field in ("madid", "idfv"):
            text = match_keys.advertising_id(text) if field == "madid" else match_keys.device_id(text)
        elif field == "client_ip_address":
            text = match_keys.ip_address(text)
        if text:
            out[field] = text
    if texts_of(ids(raw.get("anon_id"))):
        out["anon_id"] = joined_or_list(ids(raw.get("anon_id")))
    return out, foreign


def stripped(out):
    """What remains of an event without consent beside user_data: nothing that may tell who a person is, everything that counts."""
    out = dict(out)
    if "event_source_url" in out:
        out["event_source_url"] = host_and_path(out["event_source_url"])
    custom = {k: v for k, v in out.pop("custom_data", {}).items() if k in tables.CUSTOM_DATA and k != "search_string"}
    app = {k: v for k, v in out.pop("app_data", {}).items() if k in APP_FIELDS}
    if "advertiser_tracking_enabled" in app:
        app["advertiser_tracking_enabled"] = Number("0")
    if "extinfo" in app:
        app["extinfo"] = app["extinfo"][:5] + [""] * 11  # the app and its system, not the device
    return out | ({"custom_data": custom} if custom else {}) | ({"app_data": app} if app else {})


def address_of(raw):
    """A URL with its scheme and without blanks; Snapchat refuses events for others."""
    text = raw.strip(ASCII_BLANKS) if isinstance(raw, str) else ""
    return text if re.fullmatch(r"[^\x00-\x20\x7f]+?://[^\x00-\x20\x7f]+", text) else None


def host_and_path(url):
    """The address without what a site puts behind its path, but with Snapchat's click id."""
    path, _, query = url.partition("#")[0].partition("?")
    clicks = [pair for pair in query.split("&") if pair.lower().startswith("sccid=") and len(pair) > 6]
    return path + ("?" + clicks[0] if clicks else "")


def identified(user, source):
    return bool("em" in user or "ph" in user or ("madid" in user and source == "MOBILE_APP")
                or ("client_ip_address" in user and "client_user_agent" in user))


def check_identity(user, foreign, source, config):
    if identified(user, source):
        return
    mode = config.get("identity", "reject")
    if mode != "send":
        raise Refused("identity.not.hashed" if foreign else "identity.missing", mode)


def finite(number):
    """A number that a double can hold."""
    return number if number is not None and abs(float(number.text)) != float("inf") else None


def text_among(product, *names):
    """The first of the members that is a text."""
    return next((t for t in (text_of(product.get(n)) for n in names) if t is not None), None)


def id_among(product, *names):
    """The same, of a product's id."""
    return text_among({n: ids(product.get(n)) for n in names}, *names)


def value_of(raw):
    if raw is None or (isinstance(raw, str) and not raw.strip(ASCII_BLANKS)):
        return None
    number = finite(decimal_of(raw))
    if number is None:
        raise Refused("value.invalid")
    return number


def currency_of(raw, name, config, has_value):
    text = text_of(raw)
    absent = raw is None or (isinstance(raw, str) and not raw.strip())  # of every kind of blank, as codes are trimmed
    code = text.strip().upper() if text else None
    if code in tables.CURRENCIES:
        return code
    if not absent and name == "PURCHASE" and has_value:
        raise Refused("currency.invalid")
    if absent and has_value and config.get("currency"):
        return config["currency"]
    return None


def check_purchase(name, custom):
    if name == "PURCHASE" and custom.get("value") is None:
        raise Refused("purchase.value.missing")
    if name == "PURCHASE" and custom.get("currency") is None:
        raise Refused("purchase.currency.missing")


def lines_of(own, *names):
    """The product lines of a call: the objects in `products`, else its own properties when they name a product by text."""
    listed = own.get("products")
    if isinstance(listed, list):
        return [p for p in listed if isinstance(p, dict)]
    return [own] if text_of(first_filled_id(own, *names)) else []


def units(products):
    """num_items counts units: the sum of the quantities, one where none is given; unknown when one of them cannot be read."""
    total = Decimal(0)
    for product in products:
        quantity = Number("1") if product.get("quantity") is None else integer_of(product["quantity"])
        if quantity is None or Decimal(quantity.text) < 0:
            return None
        total += Decimal(quantity.text)
    return integer_of(Number(str(total)))


def summed(products):
    """Sum of price times quantity; unknown when a price is missing or one of them cannot be read."""
    total = Decimal(0)
    for product in products:
        price = finite(decimal_of(product.get("price")))
        quantity = Number("1") if product.get("quantity") is None else finite(decimal_of(product["quantity"]))
        if price is None or quantity is None or Decimal(quantity.text) < 0:
            return None
        total += Decimal(price.text) * Decimal(quantity.text)
    return Number(str(total)) if products else None


def content_of(product, fields):
    """One member of `contents`; None when nothing of it is there."""
    out = {}
    for name, sources, kind in fields:
        found = finite(decimal_of(product.get(sources[0]))) if kind == "number" else (id_among if name == "id" else text_among)(product, *sources)
        if found is not None:
            out[name] = found
    return out or None


def present(texts):
    return [t for t in texts if t is not None]


def without_absent(value):
    """What a model left as None, and the lists and objects that this empties, are not sent."""
    if isinstance(value, dict):
        kept = {k: without_absent(v) for k, v in value.items()}
        return {k: v for k, v in kept.items() if v is not None} or None
    if isinstance(value, list):
        return [v for v in map(without_absent, value) if v is not None] or None
    return value


def passed_on(value):
    """A member that Snapchat's list does not have: as it is, but without nulls, numbers that no reader can hold, and what that empties."""
    if isinstance(value, dict):
        kept = {k: passed_on(v) for k, v in value.items()}
        return {k: v for k, v in kept.items() if v is not None} or None
    if isinstance(value, list):
        return [v for v in map(passed_on, value) if v is not None] or None
    return finite(value) if isinstance(value, Number) else value


def scalar_text(value):
    """The text of any scalar, booleans too; null is the empty text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.text if isinstance(value, Number) else value if isinstance(value, str) else ""


def filled_text(value):
    """The text of any scalar, where a blank one is none."""
    text = scalar_text(value)
    return text if text.strip(ASCII_BLANKS) else ""


def holds(value):
    """Something is there unless it is absent, blank or false."""
    return value is not None and (isinstance(value, (dict, list)) or scalar_text(value).strip(ASCII_BLANKS).lower() not in ("", "false"))


def switch(value):
    """A yes or no as 1 or 0; None when there is nothing."""
    word = scalar_text(value).strip().lower()
    return Number("1") if word in ("1", "true", "yes") else Number("0") if word in ("0", "false", "no") else None


def platform(record, *paths):
    """i2 or a2 as the device says, else its operating system."""
    words = (text_of(at(record, path)) for path in paths or ("context.device.type", "context.os.name"))
    return next((SYSTEMS[w] for w in ((word or "").strip(ASCII_BLANKS).lower() for word in words) if w in SYSTEMS), None)


def extinfo(record, system, hardware=("", "", ""), read=scalar_text):
    """The 16 positions that the device information of a call fills; `hardware` is cores, storage and free storage."""
    places = ("app.namespace", "app.build", "app.version", "os.version", "device.model", "locale", "", "network.carrier", "screen.width",
              "screen.height", "screen.density")
    return [system, *(read(at(record, "context." + place)) if place else "" for place in places), *hardware,
            read(at(record, "context.timezone"))]


def options_of(raw):
    """The words of data_processing_options: their letters, upper-case; one that is unknown asks for limited use."""
    values = raw if isinstance(raw, list) else [raw]
    words = ("".join(c for c in v.upper() if "A" <= c <= "Z") for v in values if isinstance(v, str))
    words = [w for w in words if w]
    known = [w for w in words if w in ("LDU", "LMU", "DELETE")]
    return known + (["LDU"] if len(known) < len(words) and "LDU" not in known else [])
