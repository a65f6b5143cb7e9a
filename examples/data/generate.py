#!/usr/bin/env python3
"""Writes shop.ndjson and shop.expected.json: 1 000 records of a small web shop in Segment's form, and what must become of each.

    generate.py           writes both files beside this script
    generate.py --check   exit status 1 when a file is not what this script would write

Each line is an input line of `sink-host preview`, so the file can be tried without Kafka:

    sink-host preview --config examples/connectors/preview-segment.json --input examples/data/shop.ndjson --now 2026-01-15T12:00:00Z

The same seed gives the same bytes. Times lie before BASE; the quickstart moves them so that BASE is now.
"""
import json
import pathlib
import random
import sys
import unicodedata
from collections import Counter
from datetime import datetime, timedelta, timezone

HERE = pathlib.Path(__file__).resolve().parent
BASE = datetime(2026, 1, 15, 12, 0, 0, tzinfo=timezone.utc)
SEED = 20260115
TOPIC = "shop-events"
TOTAL = 1000
SPAN_SECONDS = 6 * 3600

PRODUCTS = [("SKU-100", "Canvas tote", "Bags", "Northwind", 2450), ("SKU-101", "Rain jacket", "Outerwear", "Fjellrev", 12900),
            ("SKU-102", "Wool socks", "Accessories", "Northwind", 1295), ("SKU-103", "Trail shoes", "Shoes", "Kestrel", 10990),
            ("SKU-104", "Water bottle", "Accessories", "Kestrel", 1850), ("SKU-105", "Crème brûlée set", "Kitchen", "Maison", 3999)]
SEARCHES = ["rain jacket", "socks", "gift for runner", "crème", "bottle 1l"]
NAMES = [("Ada", "Lovelace"), ("Zoë", "O'Brien"), ("Mary Ann", "Müller"), ("Jürgen", "Ødegård"), ("Noor", "Al-Sayed")]
AGENTS = ["Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/120.0 Safari/537.36",
          "Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) Safari/604.1",
          "Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0"]

# How many records of each kind, and its fate: a Snapchat event name when it is delivered, else an outcome and a code.
WEB = {"page": (402, "PAGE_VIEW"), "Product List Viewed": (60, "LIST_VIEW"), "Product Viewed": (180, "VIEW_CONTENT"),
       "Product Added": (100, "ADD_CART"), "Products Searched": (60, "SEARCH"), "Checkout Started": (45, "START_CHECKOUT"),
       "Payment Info Entered": (30, "ADD_BILLING"), "Order Completed": (30, "PURCHASE"), "Signed Up": (15, "SIGN_UP"),
       "Signed In": (20, "LOGIN"), "Product Added to Wishlist": (10, "ADD_TO_WISHLIST")}
SPOILED = {"no identity": (4, "reject", "identity.missing"), "unknown event": (5, "reject", "event.name.unknown"),
           "identify call": (2, "reject", "event.name.unknown"), "no currency": (3, "reject", "purchase.currency.missing"),
           "too old": (3, "reject", "event.too.old"), "not JSON": (2, "reject", "record.not.json"),
           "refused by Snapchat": (2, "reject", "snap.invalid"), "tombstone": (3, "skip", "record.tombstone"),
           "opted out": (4, "skip", "integration.disabled")}
MOBILE, OFFLINE = 12, 8  # app opens, orders at the till


class Shop:
    def __init__(self):
        self.random = random.Random(SEED)

    def hex(self, digits):
        return "".join(self.random.choice("0123456789abcdef") for _ in range(digits))

    def uuid(self):
        return "-".join(self.hex(count) for count in (8, 4, 4, 4, 12))

    def product(self):
        sku, name, category, brand, cents = self.random.choice(PRODUCTS)
        return {"product_id": sku, "sku": sku, "name": name, "category": category, "brand": brand, "price": cents / 100,
                "quantity": self.random.choice([1, 1, 1, 2, 3])}

    def order(self):
        products = [self.product() for _ in range(self.random.choice([1, 1, 2, 3]))]
        cents = sum(round(each["price"] * 100) * each["quantity"] for each in products)
        number = self.random.randrange(10_000_000)
        return {"order_id": f"order-{number:07d}", "checkout_id": self.hex(12), "currency": self.random.choice(["USD", "EUR", "GBP"]),
                "revenue": cents / 100, "shipping": 4.9, "tax": round(cents * 0.19) / 100,
                "total": (cents + 490 + round(cents * 0.19)) / 100, "email": self.email(), "products": products}

    def email(self):
        first, last = self.random.choice(NAMES)
        plain = unicodedata.normalize("NFKD", f"{first}.{last}".lower().replace("ø", "o"))
        name = "".join(each for each in plain if each.isascii() and (each.isalpha() or each == "."))
        return f" {name}+{self.random.randrange(1000)}@Example.com"

    def person(self):
        first, last = self.random.choice(NAMES)
        return {"email": self.email(), "phone": f"+1 (415) 555-01{self.random.randrange(100):02d}", "first_name": first,
                "last_name": last}

    def properties(self, event):
        simple = {"Products Searched": lambda: {"query": self.random.choice(SEARCHES)},
                  "Product List Viewed": lambda: {"list_id": "spring", "category": "Outerwear", "products": [self.product() for _ in range(3)]},
                  "Signed Up": self.person, "Signed In": lambda: {"email": self.email()},
                  "Checkout Started": self.order, "Payment Info Entered": self.order, "Order Completed": self.order}
        if event in simple:
            return simple[event]()
        return {**self.product(), "currency": "USD"}

    def common(self, seconds_ago):
        time = (BASE - timedelta(seconds=seconds_ago)).strftime("%Y-%m-%dT%H:%M:%S.") + f"{self.random.randrange(1000):03d}Z"
        return {"messageId": self.uuid(), "anonymousId": self.uuid(), "timestamp": time, "originalTimestamp": time,
                "sentAt": time, "receivedAt": time, "version": 2}

    def web(self, event, seconds_ago):
        path = self.random.choice(["/", "/bags", "/shoes", "/sale", "/checkout"])
        click = self.uuid() if self.random.random() < 0.3 else None
        value = {**self.common(seconds_ago), "type": "page" if event == "page" else "track",
                 "context": {"ip": f"203.0.113.{self.random.randrange(1, 255)}", "userAgent": self.random.choice(AGENTS),
                             "locale": "en-US", "library": {"name": "analytics.js", "version": "2.11.1"},
                             "page": {"path": path, "url": f"https://shop.example{path}" + (f"?ScCid={click}" if click else ""),
                                      "title": "Shop", "referrer": "https://www.snapchat.com/"}}}
        if click:
            value["integrations"] = {"Snap Conversions Api": {"click_id": click}}
        if self.random.random() < 0.5:
            value["userId"] = f"user-{self.random.randrange(400)}"
        if event == "page":
            return {**value, "name": "Shop", "properties": {"path": path}}
        return {**value, "event": event, "properties": self.properties(event)}

    def mobile(self, seconds_ago):
        apple = self.random.random() < 0.5
        device = {"type": "ios" if apple else "android", "id": self.uuid().upper(), "advertisingId": self.uuid().upper(),
                  "adTrackingEnabled": True, "model": "iPhone15,2" if apple else "Pixel 8"}
        return {**self.common(seconds_ago), "type": "track", "event": "Application Opened",
                "properties": {"from_background": False, "version": "3.2.1", "build": "321"},
                "context": {"channel": "mobile", "device": device, "ip": f"198.51.100.{self.random.randrange(1, 255)}",
                            "app": {"name": "Shop", "namespace": "example.shop", "version": "3.2.1", "build": "321"},
                            "os": {"name": "iOS" if apple else "Android", "version": "17.2" if apple else "14"},
                            "screen": {"width": 1170, "height": 2532, "density": 3}, "locale": "en-US",
                            "network": {"carrier": "Carrier"}, "timezone": "America/New_York",
                            "library": {"name": "analytics-swift" if apple else "analytics-kotlin", "version": "1.5.0"}}}

    def server(self, event, seconds_ago, properties):
        return {**self.common(seconds_ago), "type": "track", "event": event, "properties": properties,
                "userId": f"user-{self.random.randrange(400)}",
                "context": {"channel": "server", "library": {"name": "analytics-node", "version": "1.1.0"}}}

    def spoiled(self, kind, seconds_ago, number):
        if kind == "no identity":
            return self.server("Product Viewed", seconds_ago, {**self.product(), "currency": "USD"})
        if kind == "unknown event":
            return {**self.web("Product Viewed", seconds_ago), "event": "Coupon Entered", "properties": {"coupon_id": "SPRING"}}
        if kind == "identify call":
            return {**self.common(seconds_ago), "type": "identify", "userId": f"user-{number}", "traits": self.person(), "context": {}}
        if kind == "too old":
            return self.web("Product Viewed", seconds_ago + 9 * 86400)
        if kind == "opted out":
            return {**self.web("Product Viewed", seconds_ago), "integrations": {"All": False}}
        value = self.web("Order Completed", seconds_ago)
        if kind == "no currency":
            del value["properties"]["currency"]
        if kind == "refused by Snapchat":
            value["messageId"] = f"refused-by-snapchat-{number}"
        if kind == "not JSON":
            return json.dumps(value)[:200]
        return value


def records():
    """(value, key, outcome, what): what is a Snapchat event name when sent, else a code."""
    shop = Shop()
    plan = [("web", event, "send", fate) for event, (count, fate) in WEB.items() for _ in range(count)]
    plan += [("mobile", "", "send", "APP_OPEN")] * MOBILE + [("offline", "", "send", "PURCHASE")] * OFFLINE
    plan += [("spoiled", kind, outcome, code) for kind, (count, outcome, code) in SPOILED.items() for _ in range(count)]
    assert len(plan) == TOTAL, len(plan)
    shop.random.shuffle(plan)
    for number, (source, kind, outcome, what) in enumerate(plan):
        seconds_ago = round(SPAN_SECONDS * (TOTAL - number) / TOTAL)
        if source == "web":
            value = shop.web(kind, seconds_ago)
        elif source == "mobile":
            value = shop.mobile(seconds_ago)
        elif source == "offline":
            value = shop.server("Order Completed", seconds_ago, shop.order())
        else:
            value = None if kind == "tombstone" else shop.spoiled(kind, seconds_ago, number)
        key = value.get("userId", value["anonymousId"]) if isinstance(value, dict) else f"user-{number}"
        yield value, key, outcome, what


def render():
    lines, delivered, refused, skipped = [], Counter(), Counter(), Counter()
    for offset, (value, key, outcome, what) in enumerate(records()):
        {"send": delivered, "reject": refused, "skip": skipped}[outcome][what] += 1
        line = {"topic": TOPIC, "partition": 0, "offset": offset, "timestamp": int(BASE.timestamp() * 1000), "key": key, "value": value}
        lines.append(json.dumps(line, ensure_ascii=False, separators=(",", ":")))
    expected = {"base": BASE.strftime("%Y-%m-%dT%H:%M:%SZ"), "topic": TOPIC, "records": len(lines),
                "delivered": dict(sorted(delivered.items())), "dead_letters": dict(sorted(refused.items())),
                "skipped": dict(sorted(skipped.items()))}
    return {"shop.ndjson": "\n".join(lines) + "\n", "shop.expected.json": json.dumps(expected, indent=2) + "\n"}


def main():
    stale = []
    for name, text in render().items():
        path = HERE / name
        if "--check" not in sys.argv:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
    if stale:
        sys.exit(f"stale: {', '.join(stale)}; run examples/data/generate.py")


if __name__ == "__main__":
    main()
