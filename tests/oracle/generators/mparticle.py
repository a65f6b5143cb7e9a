"""Records of preset mparticle: outgoing batches, and some in the form that SDKs send."""
from model import tables
from model.values import Number

from . import pools
from .pools import optional, some

TYPES = ("commerce_event", "screen_view", "custom_event", "session_start", "session_end", "application_state_transition", "first_run", "opt_out",
         "push_message", "uninstall", "crash_report", "user_attribute_change", "Screen_View", "", Number("7"))
ACTIONS = ("purchase", "purchase", "add_to_cart", "checkout", "view_detail", "add_to_wishlist", "checkout_option", "refund", "remove_from_cart", "click",
           "Purchase", "add to cart", "unknown", "", None, Number("7"))
NAMES = ("Sign Up", "ADD_CART", "Trial Started", "custom_event_2", "start-trial", "PURCHASE", "screen_view", "commerce.purchase", "Level Up", "", None,
         *tables.NATIVE)
TRANSITIONS = ("application_foreground", "application_initialized", "application_initialized", "application_background", "application_exit", "", None)
PLATFORMS = ("iOS", "Android", "web", "web", "tvOS", "roku", "out_of_band", "alexa", "smart_tv", "fire_tv", "xbox", "", "IOS", None)
IDENTITIES = {"email": pools.EMAILS, "customer_id": ("C-9", "c-8", *pools.IDS), "mobile_number": pools.PHONES, "phone_number_2": pools.PHONES,
              "phone_number_3": pools.PHONES, "other": ("x",), "other_id_2": ("jane@example.com",), "google": ("g@example.com",)}
BIG = ("-7346244611012968789", "7346244611012968789", "9223372036854775807")
UUIDS = ("e8335d31-2031-4bff-afec-17ffc1784697", "0190f0a1-7b6c-7c11-9d2e-1f2a3b4c5d6e")


def attributes(rng):
    return optional(rng, **{"SnapchatConversions.ClientDedupId": ("d-1", "", Number("5")), "color": ("red",)})


def product(rng):
    out = optional(rng, id=("P1", "P2", "P3", *pools.IDS), name=("Tote", "Crème"), brand=("Acme", "Maison", "", Number("3")), variant=("v",),
                   category=("Shoes", "Socks", "Bags", ""), price=pools.PRICES, quantity=pools.QUANTITIES, position=(Number("1"),))
    if rng.random() < 0.4:
        out["total_product_amount"] = some(rng, pools.PRICES)
    if rng.random() < 0.2:
        out["custom_attributes"] = attributes(rng)
    return out


def products(rng):
    return None if rng.random() < 0.05 else [product(rng) for _ in range(rng.randrange(4))]


def commerce(rng):
    kind = rng.random()
    out = optional(rng, currency_code=pools.CURRENCIES, screen_name=("Cart",), is_non_interactive=(False, True))
    if kind < 0.75:
        out["product_action"] = {"action": some(rng, ACTIONS), **optional(
            rng, transaction_id=("O-77", *pools.IDS), total_amount=pools.PRICES, tax_amount=pools.PRICES, shipping_amount=("5",), products=products)}
    if kind < 0.05 or 0.75 <= kind < 0.87:
        out["promotion_action"] = {"action": some(rng, ("view", "click", "View", "")), "promotions": [{"id": "pr-1", "name": "Spring"}]}
    if kind < 0.03 or kind >= 0.87:
        out["product_impressions"] = [optional(rng, product_impression_list=("Related",), products=products) for _ in range(rng.randrange(4))]
        if rng.random() < 0.3:
            out["product_action"] = None
    return out


def data(rng, kind):
    out = optional(rng, timestamp_unixtime_ms=pools.time, event_id=lambda r: Number(r.choice(BIG)), session_id=lambda r: Number(r.choice(BIG)))
    if rng.random() < 0.85:
        out["timestamp_unixtime_ms"] = Number(f"{pools.NOW - rng.randrange(600_000)}{rng.randrange(1000):03}")
    if rng.random() < 0.4:
        out |= optional(rng, event_start_unixtime_ms=pools.time, source_message_id=UUIDS, message_id=("dm-1", "", Number("8")), page_url=pools.URLS)
    if kind == "custom_event":
        out |= {"event_name": some(rng, NAMES) if rng.random() < 0.5 else rng.choice(NAMES), "custom_event_type": "other"}
    elif kind == "commerce_event":
        out |= commerce(rng)
    elif kind == "application_state_transition":
        out["application_transition_type"] = some(rng, TRANSITIONS)
        out |= optional(rng, is_first_run=(True, False, True, None), is_upgrade=(False, True, False, None), successfully_closed=(True,))
    if rng.random() < 0.35:
        out["custom_flags"] = optional(rng, **{
            "SnapchatConversions.ClientDedupId": ("f-1", "f-2", "", Number("12345678901234567890")), "SnapchatConversions.PageUrl": pools.URLS, "page_url": pools.URLS,
            "SnapchatConversions.ClickId": ("AbC", ""), "SnapchatConversions.Cookie1": ("c-1", " ", Number("4"))})
    if rng.random() < 0.35:
        out["custom_attributes"] = optional(rng, search_string=("shoes", ""), sign_up_method=("mail",), level=("5", Number("5")), description=("d", True),
                                            event_tag=("t", ["t", "u"]), plan=("gold",))
    if rng.random() < 0.4:
        out["device_current_state"] = optional(rng, disk_space_free_bytes=(
            Number("12900000000"), Number("999999999"), Number("0"), "12900000000", Number("-1"), Number("1.5e10"), Number("64000000000.5"), "x", None))
    return out


def member(rng):
    kind = some(rng, TYPES)
    out = {"event_type": kind, "data": data(rng, kind)}
    return out | optional(rng, message_id=("m-1", "m-2", "", Number("12345678901234567890")), message_type=("events",))


def identities(rng):
    chosen = [k for k in IDENTITIES if rng.random() < 0.35]
    if rng.random() < 0.25:
        return {k: some(rng, IDENTITIES[k]) for k in chosen}
    if chosen and rng.random() < 0.1:
        chosen.append(rng.choice(chosen))
    return [{"identity_type": k, "identity": some(rng, IDENTITIES[k]), "timestamp_unixtime_ms": Number("1650000000000")} for k in chosen]


def device(rng):
    out = optional(rng, platform=PLATFORMS, os_version=("18.1", Number("14")), device_model=("iPhone16,2", "Pixel 6"), brand=("Apple",),
                   screen_width=(Number("1290"), "x"), screen_height=(Number("2796"),), locale_language=("en", "de", "zh-Hant", ""),
                   locale_country=("US", "DE", "", None), network_carrier=("", "T"), http_header_user_agent=pools.AGENTS,
                   timezone_offset=(Number("-4"), Number("2"), Number("0"), Number("5.5"), "-3", "x", Number("-0"), Number("2.0"), Number("1e1"), Number("-9.50"), ""),
                   limit_ad_tracking=(False, True, False, "false", "True", Number("1"), Number("0"), None))
    if rng.random() < 0.55:
        out |= optional(rng, ios_advertising_id=pools.DEVICES, ios_idfv=pools.DEVICES,
                        att_authorization_status=("authorized", "denied", "authorized", "not_determined", "restricted", "", "Authorized", None))
    if "ios_idfv" not in out or rng.random() < 0.15:
        out |= optional(rng, android_advertising_id=pools.DEVICES)
    return out


def person(rng):
    def listed(pool):
        return lambda r: [some(r, pool) for _ in range(r.randrange(3))] if r.random() < 0.15 else some(r, pool)

    return optional(rng, **{"$firstname": listed(pools.FIRST), "$lastname": listed(pools.LAST), "$gender": listed(pools.GENDERS), "$city": listed(pools.CITIES),
                            "$state": listed(pools.STATES), "$zip": listed(pools.ZIPS), "$country": listed(pools.COUNTRIES), "$mobile": listed(pools.PHONES),
                            "$age": (Number("41"),), "tier": (["a", "b"],)})


def record(rng):
    out = optional(rng, schema_version=(Number("2"),), batch_id=lambda r: Number(r.choice(BIG)), mpid=lambda r: r.choice((Number(BIG[0]), BIG[1])), ip=pools.IPS,
                   timestamp_unixtime_ms=(Number("1650628000000"),), user_identities=identities, device_info=device, event_id=("e-1", "e-2"))
    out["events"] = [member(rng) for _ in range(rng.choice((0, 1, 1, 1, 1, 2, 2, 3, 5)))]
    out["environment"] = some(rng, ("production",) * 12 + ("development", "Development", "", None))
    if rng.random() < 0.6:
        out["user_attributes"] = person(rng)
    if rng.random() < 0.6:
        out["application_info"] = optional(rng, package=("com.example.shop",), application_version=("7.7.1",), application_build_number=("771", Number("771")),
                                           os=("IOS", "Android", "MobileWeb", "OutOfBand", "FireTV", ""))
    if rng.random() < 0.5:
        out["source_info"] = optional(rng, channel=("native", "javascript", "server_to_server", "partner", "pixel", "desktop", "unknown", ""), is_historical=(False,))
    if rng.random() < 0.4:
        out["consent_state"] = {
            "ccpa": rng.choice((None, {"data_sale_opt_out": {"consented": some(rng, (False, True, False, "true", "TRUE", Number("1"), Number("0"), None, "yes"))}})),
            "gdpr": rng.choice((None, {"marketing": {"consented": some(rng, (True, False, "true", None))}}))}
    if rng.random() < 0.1:
        out["context"] = {"locale": some(rng, ("de", "en-US"))}
    return out
