"""Preset snap: the value already is a v3 event, which is completed and checked."""
import re

from . import event, tables
from .event import Refused
from .values import ASCII_BLANKS, Number, decimal_of, ids, integer_of, joined_or_list, text_of, texts_of

PRESET = "snap"


def names(record, config):
    raw = text_of(record.get("event_name"))
    if raw is None:
        raise Refused("event.name.missing")
    return [(raw, tables.NATIVE_BY_FOLD.get(tables.fold(raw)))]


def time(record):
    return event.time_ms(record.get("event_time"))


def source(record):
    word = text_of(record.get("action_source"))
    found = tables.SOURCES.get(word.strip(ASCII_BLANKS).lower()) if word else None
    return found


def own_id(record, _name):
    return text_of(ids(record.get("event_id")))


def user(record):
    found = record.get("user_data")
    return found if isinstance(found, dict) else {}


def top(record, _source):
    out = {"event_source_url": event.address_of(record.get("event_source_url")), "integration": text_of(record.get("integration"))}
    out["opt_out"] = {"true": True, "false": False}.get(event.scalar_text(record.get("opt_out")).lower())
    out["data_processing_options"] = event.options_of(record.get("data_processing_options"))
    for name in ("data_processing_options_country", "data_processing_options_state"):
        out[name] = integer_of(record.get(name))
    return out


def content(raw):
    """One of contents: what is well formed stays as it was written, prices and quantities that are no numbers go."""
    out = {name: event.passed_on(member) for name, member in raw.items()}
    for field in ("id", "brand", "delivery_category"):
        out[field] = text_of(ids(raw.get(field)) if field == "id" else raw.get(field))
    for field in ("quantity", "item_price"):
        out[field] = raw[field] if event.finite(decimal_of(raw.get(field))) else None
    return out


def custom(record, name, config):
    raw = record.get("custom_data")
    raw = raw if isinstance(raw, dict) else {}
    out = {name: event.passed_on(member) for name, member in raw.items()}
    out["value"] = event.value_of(raw.get("value"))
    out["currency"] = event.currency_of(raw.get("currency"), name, config, out["value"] is not None)
    out["predicted_ltv"] = event.finite(decimal_of(raw.get("predicted_ltv")))
    for field in tables.CUSTOM_COUNTS:
        out[field] = integer_of(raw.get(field))
    for field in tables.CUSTOM_TEXTS:
        out[field] = next(iter(texts_of(ids(raw.get(field)) if field == "order_id" else raw.get(field))), None)
    for field in tables.CUSTOM_LISTS:
        out[field] = joined_or_list(raw.get(field) if field == "brands" else ids(raw.get(field)))
    category = raw.get("content_category")
    out["content_category"] = texts_of(category) if isinstance(category, list) else text_of(category)
    fields = raw.get("custom_fields")
    fields = fields if isinstance(fields, dict) else {}
    out["custom_fields"] = {k: event.scalar_text(v) for k, v in fields.items() if isinstance(v, (str, bool, Number))} or None
    contents = raw.get("contents")
    contents = contents if isinstance(contents, list) else [contents]
    out["contents"] = [content(c) for c in contents if isinstance(c, dict)]
    return out


def platform(word, app_id):
    """The platform as written, or as the app's id in its store tells."""
    if not word and app_id:
        word = "i2" if re.fullmatch("[0-9]+", app_id) else "a2" if "." in app_id else ""
    if word not in ("i2", "a2", "ios", "android"):
        raise Refused("app.data.invalid")
    return word[0] + "2"


def app(record, config, source):
    """The record's own app_data; a MOBILE_APP event's is completed and must be whole."""
    raw = record.get("app_data")
    raw = raw if isinstance(raw, dict) else {}
    mobile = source == "MOBILE_APP"
    out = {"app_id": text_of(ids(raw.get("app_id"))) or (config.get("app_id") if mobile else None)}
    for field in ("advertiser_tracking_enabled", "application_tracking_enabled"):
        out[field] = event.switch(raw.get(field))
    flag = raw.get("advertiser_tracking_enabled")
    unreadable = flag is not None and not (isinstance(flag, str) and not flag.strip(ASCII_BLANKS))
    if out["advertiser_tracking_enabled"] is None and (mobile or unreadable):
        out["advertiser_tracking_enabled"] = Number("0")
    info = raw.get("extinfo")
    if info is None and mobile:
        raise Refused("app.data.missing")
    if info is not None:
        if not isinstance(info, list) or len(info) != 16 or any(isinstance(v, (list, dict)) for v in info):
            raise Refused("app.data.invalid")
        app_id = (out["app_id"] or config.get("app_id") or "").strip()
        out["extinfo"] = [platform(event.scalar_text(info[0]).strip(ASCII_BLANKS).lower(), app_id), *map(event.scalar_text, info[1:])]
    for field in ("install_referrer", "installer_package"):
        out[field] = text_of(raw.get(field))
    out["windows_attribution_id"] = text_of(ids(raw.get("windows_attribution_id")))
    campaigns = ids(raw.get("campaign_ids"))
    out["campaign_ids"] = texts_of(campaigns) if isinstance(campaigns, list) else text_of(campaigns)
    out["url_schemes"] = joined_or_list(raw.get("url_schemes"))
    return out
