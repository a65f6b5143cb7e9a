"""Records of preset ga4: event data of a server-side Tag Manager, bodies of the Measurement Protocol, rows of the BigQuery export."""
import base64
import hashlib

from model import ga4, tables
from model.values import Number

from . import pools
from .pools import one_or_more, optional, some

NAMES = ("purchase", "add_to_cart", "sign_up", *ga4.NAMES, "session_start", "ad_click", "AD_CLICK", "refund", "Trial Started", "PURCHASE", "Page-View",
         *tables.NATIVE[:6], "", " login ", "scroll")
NOT_SET = "(not set)"
DIGEST = hashlib.sha256(b"jane@example.com").digest()
DIGESTS = (DIGEST.hex(), base64.b64encode(DIGEST).decode(), base64.urlsafe_b64encode(DIGEST).decode().rstrip("="), DIGEST.hex().upper(),
           hashlib.sha256(b"").hexdigest(), base64.b64encode(hashlib.sha256(b"").digest()).decode(), "Q" * 43 + "=", "Q" * 42, "jane@example.com", "", NOT_SET,
           "9e26471d35a78862c17e467d87cddedf", f" {DIGEST.hex()} ", base64.b64encode(hashlib.md5(b"x").digest()).decode())
URLS = ("https://shop.example/thanks?ScCid=5d7C9ac3-3840", "https://shop.example/?a=1&sccid=AbC%2B1#top", "https://shop.example/", *pools.URLS,
        "https://x.y/?ScCid=", "https://x.y/?xScCid=1", "https://x.y/#/p?ScCid=hash-1", "https://x.y/?SCCID=1&ScCid=2", "/relative?ScCid=r-1", NOT_SET)
ADDRESSES = ("203.0.113.9", "203.0.113.9, 10.0.0.1", " 203.0.113.9 ,10.0.0.1", ",1.2.3.4", *pools.IPS)
REGIONS = ("NY", "US-CA", "California", "us-ny", "US-XX", "CA", "", NOT_SET, "Texas", " US-CA ", "US_CA")
LIMITS = ("No", "Yes", False, True, "no", "YES", "false", "true", Number("0"), Number("1"), "", "maybe", None)
ZONES = ("3600", Number("-12600"), Number("0"), "-18000", Number("20700"), "x", "", Number("3600.5"), Number("-1800"), "0", Number("1e3"), Number("100000000"), Number("30"))
PLATFORMS = ("WEB", "IOS", "ANDROID", "ios", "Android", "Web", " iOS ", "", "TV", Number("1"))
MICROS = (lambda r: Number(f"{pools.NOW - r.randrange(600_000)}{r.randrange(10**6):06}"), lambda r: f"{pools.NOW - r.randrange(600_000)}{r.randrange(10**6):06}")


def micros(rng):
    return rng.choice(pools.ODD_TIMES) if rng.random() < 0.08 else rng.choice(MICROS)(rng)


def item(rng):
    return optional(rng, item_id=("A1", "B2", *pools.IDS, NOT_SET), item_name=("Tote", "", NOT_SET), item_brand=("Acme", NOT_SET, "", Number("3")),
                    item_category=("Shoes", NOT_SET, "Bags", ""), price=pools.PRICES, quantity=pools.QUANTITIES, currency=pools.CURRENCIES,
                    price_in_usd=(Number("9"),), index=(Number("0"),), id=("not-ours",))


def items(rng):
    return [item(rng) for _ in range(rng.randrange(4))]


def parameters(rng):
    """What events carry in every shape."""
    out = optional(rng, currency=pools.CURRENCIES, value=pools.PRICES, transaction_id=("T-1", "T-2", *pools.IDS, NOT_SET))
    if rng.random() < 0.5:
        out |= {"page_location": some(rng, URLS)}
    if rng.random() < 0.3:
        out |= optional(rng, event_id=("e-1", "e-2", *pools.IDS, NOT_SET), search_term=("boots", "", NOT_SET), method=("mail", ""), sign_up_method=("google",),
                        level=(Number("7"), "8", ""), predicted_ltv=pools.PRICES, brands=(["B1", "B2"], "B1", "B1,B2", []), ga_session_id=(Number("1650620000"),))
    return out


def person(rng):
    address = optional(rng, first_name=pools.FIRST, last_name=pools.LAST, sha256_first_name=DIGESTS, sha256_last_name=DIGESTS, city=(*pools.CITIES, NOT_SET),
                       region=REGIONS, postal_code=pools.ZIPS, country=pools.COUNTRIES)
    out = {"address": address if rng.random() < 0.6 else [address, {"first_name": "Other", "city": "Elsewhere"}]} if rng.random() < 0.5 else {}
    if rng.random() < 0.7:
        out |= optional(rng, email_address=one_or_more(pools.EMAILS), phone_number=one_or_more(pools.PHONES))
    if rng.random() < 0.4:
        out |= optional(rng, sha256_email_address=one_or_more(DIGESTS), sha256_phone_number=one_or_more(DIGESTS), email=pools.EMAILS, phone=pools.PHONES)
    return out


def snap_members(rng):
    """Members that sites and Snapchat's or Stape's tag add."""
    return optional(rng, external_id=("x-1", "", NOT_SET), _scid=("c1",), scid=("c2",), _scclid=("k1",), scclid=("k2",), click_id=("k3", Number("5")),
                    common_cookie=lambda r: optional(r, _scid=("c3", ""), _scclid=("k4",)), madid=pools.DEVICES, idfv=pools.DEVICES, anon_id=("a", ["a", "b"], "a,b"),
                    lead_id=("l",), subscription_id=("s", Number("9")), email=pools.EMAILS, phone=pools.PHONES,
                    data_processing_options=(["LDU"], "LDU", ["LMU", "x"], [], [None]),
                    app_data=lambda r: optional(r, advertiser_tracking_enabled=(Number("1"), True, "yes", Number("0")), app_id=("other",)))


def device(rng):
    return optional(rng, category=("mobile",), operating_system=("ANDROID", "iOS", "Windows", "iPadOS", ""), operating_system_version=("15", Number("15"), NOT_SET),
                    model=("Pixel 9",), mobile_model_name=("iPhone17,1", "", NOT_SET), language=("en-us", "de", "zh-Hans-CN"), time_zone_offset_seconds=ZONES,
                    advertising_id=(*pools.DEVICES, NOT_SET), vendor_id=pools.DEVICES, is_limited_ad_tracking=LIMITS)


def tag_manager(rng):
    out = {"event_name": name(rng), "client_id": "1712345678.1699000000", some(rng, ("timestamp", "event_time", "timestamp_micros")): pools.time(rng)}
    out |= parameters(rng) | optional(rng, user_id=("U-1", *pools.IDS, NOT_SET), ip_override=ADDRESSES, user_agent=pools.AGENTS)
    if rng.random() < 0.6:
        out["user_data"] = person(rng)
    if rng.random() < 0.25:
        out |= snap_members(rng)
    if rng.random() < 0.6:
        out["items"] = items(rng)
    elif rng.random() < 0.3:
        out["ecommerce"] = {"items": items(rng)}
    if rng.random() < 0.1:
        out |= {"platform": some(rng, PLATFORMS), "device": device(rng)}
    return out | {"event_location": {"city": "Berlin", "country": "DE"}}


def name(rng):
    return some(rng, NAMES) if rng.random() < 0.7 else rng.choice(NAMES)


def member(rng):
    params = parameters(rng)
    if rng.random() < 0.5:
        params["items"] = items(rng)
    if rng.random() < 0.3:
        params["timestamp_micros"] = micros(rng)
    if rng.random() < 0.1:
        params |= optional(rng, user_data=person, ip_override=ADDRESSES, user_id=("U-2",), event_id=("de", "no"), click_id=("k",))
    out = {"name": name(rng), "params": params}
    return {k: v for k, v in out.items() if rng.random() < 0.97} | ({"timestamp_micros": micros(rng)} if rng.random() < 0.03 else {})


def measurement(rng):
    out = {"app_instance_id" if rng.random() < 0.3 else "client_id": some(rng, ("0a1b2c", "1.2", "", NOT_SET))} | optional(
        rng, user_id=("U-1", *pools.IDS), ip_override=ADDRESSES, user_agent=pools.AGENTS, user_data=person,
        user_location=({"city": "Berlin", "region_id": "DE-BE", "country_id": "DE"},), consent=({"ad_user_data": "GRANTED"},))
    if rng.random() < 0.95:
        out["timestamp_micros"] = micros(rng)
    if rng.random() < 0.5:
        out["device"] = device(rng)
    if rng.random() < 0.3:
        out |= optional(rng, event_id=("de", "e-1", "x"), currency=pools.CURRENCIES, event_name=NAMES, external_id=("x-1",))
    out["events"] = [member(rng) for _ in range(0 if rng.random() < 0.03 else rng.choice((1, 1, 2, 3, 5)))]
    return out


def typed(rng, value):
    """A parameter as the export writes it."""
    if isinstance(value, Number):
        kind = "int_value" if value.text.lstrip("-").isdigit() else rng.choice(("double_value", "float_value"))
        value = value.text if kind == "int_value" and rng.random() < 0.7 else value
    else:
        kind = "string_value"
    rest = {k: None for k in ga4.KINDS} if rng.random() < 0.3 else {}
    return rest | {kind: value}


def row(rng):
    params = {k: v for k, v in parameters(rng).items() if v is not None and not isinstance(v, list)} | {"ga_session_id": Number("1650620000")}
    if rng.random() < 0.5:
        params |= {k: v for k, v in optional(rng, ip_override=ADDRESSES, user_agent=pools.AGENTS, email=pools.EMAILS, phone=pools.PHONES).items()}
    listed = [{"key": k, "value": typed(rng, v)} for k, v in params.items()]
    if listed and rng.random() < 0.05:
        listed.append(rng.choice(({"key": "value", "value": {"int_value": "1"}}, {"key": "currency"}, Number("7"), {"value": {"int_value": "1"}}, {"key": Number("1")})))
    out = {"event_name": name(rng), "event_date": "20220420", "event_timestamp": micros(rng), "event_params": listed, "platform": some(rng, PLATFORMS),
           "user_pseudo_id": "0a1b2c", "geo": {"country": "Germany", "city": "Berlin"}, "privacy_info": {"ads_storage": "Yes"}}
    out |= optional(rng, device=device, user_id=("U-1", *pools.IDS, NOT_SET), app_info=lambda r: optional(
        r, id=("com.example.shop", NOT_SET), version=("7.7.1", Number("7")), install_source=("store",)))
    if rng.random() < 0.6:
        out["items"] = items(rng)
    if rng.random() < 0.5:
        out["ecommerce"] = optional(rng, transaction_id=("T-1", NOT_SET, *pools.IDS), purchase_revenue=pools.PRICES, purchase_revenue_in_usd=(Number("1"),),
                                    total_item_quantity=pools.QUANTITIES, unique_items=("1",))
    return out


def record(rng):
    out = rng.choice((tag_manager, measurement, row))(rng)
    if rng.random() < 0.6:
        out["context"] = {"locale": some(rng, ("de", "de", "en"))}  # where variants.py looks for consent
    return out
