"""Configurations that records are compared under: the connector's keys, and the same as the oracle's model reads them."""
import typing

PIXEL = "11111111-2222-4333-8444-555555555555"
APP = "99999999-2222-4333-8444-555555555555"


class Variant(typing.NamedTuple):
    name: str
    keys: dict
    model: dict


ASSETS = {"snapchat.access.token": "x", "snapchat.pixel.id": PIXEL, "snapchat.snap.app.id": APP, "snapchat.app.id": "com.example.shop"}
MODEL = {"pixel": PIXEL, "app_asset": APP, "app_id": "com.example.shop"}

VARIANTS = (
    Variant("defaults", ASSETS, MODEL),
    Variant("national phones, lenient", {
        **ASSETS, "snapchat.app.id": "123456789", "mapping.phone.country": "US", "mapping.currency.default": "EUR", "mapping.event.name.unknown": "skip",
        "identity.missing": "send", "event.too.old": "send", "mapping.event.names": "Trial Started:START_TRIAL,Trial Started:SIGN_UP,ADD_TO_CART:ADD_CART",
    }, {**MODEL, "app_id": "123456789", "phone_country": "US", "currency": "EUR", "unknown": "skip", "identity": "send", "too_old": "send",
        "event_names": (("Trial Started", "START_TRIAL"), ("Trial Started", "SIGN_UP"), ("ADD_TO_CART", "ADD_CART"))}),
    Variant("stripped, pixel only", {
        "snapchat.access.token": "x", "snapchat.pixel.id": PIXEL, "consent.field": "$.context.locale | $.event_id", "consent.granted.values": "de,e-1",
        "consent.denied": "strip", "identity.missing": "skip", "event.too.old": "skip",
    }, {"pixel": PIXEL, "consent_field": ("context.locale", "event_id"), "granted": ("de", "e-1"), "consent_denied": "strip", "identity": "skip",
        "too_old": "skip"}),
)
