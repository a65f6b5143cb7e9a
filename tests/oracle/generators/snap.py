"""Records of preset snap: v3 events."""
from model import tables
from model.values import Number

from . import pools
from .pools import one_or_more, optional, some

NAMES = ("PURCHASE", "PURCHASE", "PAGE_VIEW", "ADD_CART", "add cart", "Sign-Up", "VIEW_CONTENT", "ADD_TO_CART", "", "CUSTOM_EVENT_3", "purchase", "SEARCH")
SOURCES = ("WEB", "MOBILE_APP", "OFFLINE", "web", "website", "app", "offline", "physical_store", "Phone_Call", "desktop", "", "mobile app")


def content(rng):
    return optional(rng, id=("a", "b", *pools.IDS), quantity=pools.QUANTITIES, item_price=pools.PRICES, brand=("Acme", ""), delivery_category=("in_store",))


def extinfo(rng):
    out = ["a2", "com.shop", "771", "7.7.1", "10.1", "OnePlus6", "en_US", "GMT-1", "TMobile", "1920", "1080", "2.00", "2", "128", "8", "USA/New York"]
    if rng.random() < 0.3:
        out[0] = rng.choice(("i2", " I2 ", "A2", "iOS", "android", "", None, "x"))
    for _ in range(rng.randrange(3)):
        out[rng.randrange(16)] = some(rng, ("", Number("7"), None, True))
    return out[:15] if rng.random() < 0.05 else out


def record(rng):
    name = some(rng, NAMES) if rng.random() < 0.6 else rng.choice(tables.NATIVE)
    out = {"event_name": name, "event_time": pools.time(rng), "action_source": some(rng, SOURCES)}
    out |= optional(rng, event_id=("e-1", "e-2", *pools.IDS), event_source_url=pools.URLS, integration=("shop",), opt_out=(False, True, "no"),
                    unknown_top=("x",))
    if rng.random() < 0.15:
        out |= {"data_processing_options": some(rng, (["LDU"], ["LMU"], [], "LDU", [None, "LDU"])), "data_processing_options_country": Number("1"),
                "data_processing_options_state": Number("1000")}
    out["user_data"] = optional(
        rng, em=one_or_more(pools.EMAILS), ph=one_or_more(pools.PHONES), fn=one_or_more(pools.FIRST), ln=pools.LAST, ge=pools.GENDERS, ct=pools.CITIES,
        st=pools.STATES, zp=pools.ZIPS, country=pools.COUNTRIES, external_id=one_or_more(("u-1", "U-2", *pools.IDS)), client_ip_address=pools.IPS,
        client_user_agent=pools.AGENTS, madid=pools.DEVICES, idfv=pools.DEVICES, sc_click_id=("AbC", ""), sc_cookie1=("c1",), lead_id=("l", Number("9")),
        subscription_id=("s",), anon_id=("an", ["a", "b"]), download_id=("d",), partner_id=("p",), db=("19971226",), mystery=("x",))
    if rng.random() < 0.9:
        out["custom_data"] = optional(
            rng, value=pools.PRICES, currency=pools.CURRENCIES, order_id=("o-1", *pools.IDS), num_items=pools.QUANTITIES,
            content_ids=lambda r: [some(r, ("a", "b", *pools.IDS)) for _ in range(r.randrange(4))], contents=lambda r: [content(r) for _ in range(r.randrange(3))],
            content_category=one_or_more(("Shoes", "Bags")), brands=one_or_more(("Acme", "")), search_string=("q", ""), sign_up_method=("mail",),
            predicted_ltv=pools.PRICES, event_tag=("t",), mine=({"x": [Number("1"), {"y": Number("2")}]}, None, {"e": {}}, [[]]),
            custom_fields=({"k": "v"},), checkin_date=("2022-05-01",), num_adults=(Number("2"), "2"))
    if out["action_source"] in ("MOBILE_APP", "app", "mobile app") or rng.random() < 0.1:
        out["app_data"] = optional(rng, app_id=("1234", "com.shop", ""), advertiser_tracking_enabled=(Number("1"), Number("0"), True, False, "1", "yes", [Number("1")], ""),
                                   application_tracking_enabled=(Number("1"), True), install_referrer=("r",), url_schemes=(["a"],), campaign_ids=("c",))
        if rng.random() < 0.95:
            out["app_data"]["extinfo"] = extinfo(rng)
    return out
