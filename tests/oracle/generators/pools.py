"""Values that records are made of: what people and libraries write, and what they should not."""
import random

from model.values import Number

NOW = 1_650_628_800
EMAILS = ("jane@example.com", " Jane.Doe@Example.COM ", "zoé@exämple.de", "a+b@x.co", "nobody", "a@b@c.de", "x@localhost", "@x.de", "",
          "n/a", "Ä.Ö@Ü.DE", "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8",
          "5E884898DA28047151D0E56F8DC6292773603D0D6AABBDD62A11EF721D1542D8", "9e26471d35a78862c17e467d87cddedf",
          "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
PHONES = ("+44 844 412 4653", "0044 844 412 4653", "+1 (415) 555-2671", "+44 (0)20 7946 0958", "1.415.555.2671", "(415) 555-2671",
          "+39 06 698 12345", "+49 30 901820", "030 901820", "", "12", "+999 1", "n/a", "+33 1 70 18 99 00", "+55 11 96123-4567",
          "\u0660\u0660\u0664\u0664 844 412 4653", "+1 415 555 2671 ext. 12", "9e26471d35a78862c17e467d87cddedf")
FIRST = ("Jane", "Raphaël", "Mary Ann", " Jean-Luc ", "O'Neil", "José\u0301", "李", "", "---", "J.", "ßtraße", "İpek", "Anna  Maria")
LAST = ("Doe", "O'Connor", "van der Berg", "St. John", "Müller-Lüdenscheidt", "", "Ng", "D\u2019Arcy", "Smith Jr.")
CITIES = ("New York", "São Paulo", "St. Louis", "Menlo Park", "", "Köln", "'s-Hertogenbosch", "Washington, D.C.", "  ")
STATES = ("NY", "ca", "California", "new york", "Texas", "North  Carolina", "XX", "", "Nowhere", " wv ")
COUNTRIES = ("US", "us", "USA", "United States", "uk", "GB", "Germany", "DEU", "", "XX", "Narnia", " fr ", "Japan", "BRA")
ZIPS = ("94025", "10001-1234", "SW1A 1AA", "1234", "940251234", "", "D-10115", "75 001", "k1a 0b1")
GENDERS = ("m", "F", "male", "Female", "x", "", "diverse", " M ")
IPS = ("203.0.113.47", "2001:db8::1", "::ffff:1.2.3.4", "1.2.3", "256.1.1.1", "", "unknown", " 1.2.3.4 ", "10.0.0.1, 1.2.3.4", "fe80::1%eth0",
       "01.2.3.4", "[::1]")
AGENTS = ("Mozilla/5.0 (X11; Linux x86_64)", "App/1.0 CFNetwork", "", "  UA ", "Ünïcode \U0001f600")
DEVICES = ("A1B2C3D4-0000-4000-8000-00000000000F", "613ff528-afd1-4c1b-9628-e6ed25ece9c0", "00000000-0000-0000-0000-000000000000", "",
           "not-a-uuid")
CURRENCIES = ("USD", "eur", "GBP", "JPY", "usd ", "ZZZ", "", "US$", "euro", "KWD")
PRICES = (Number("19.90"), Number("0"), Number("5"), "19.90", "7", Number("1e2"), Number("-3.5"), "1,299.00", "NaN", "", "$5", None,
          Number("0.1"), Number("33.333"), Number("12345678901234567890.12"), " 4.5 ", "+3", "1e3", ".5", "5.", "-2")
QUANTITIES = (Number("1"), Number("2"), Number("3"), "2", Number("0"), Number("1.5"), "x", "", None, Number("-1"), Number("10"), "2.0", Number("2.0"), "1e1", Number("2e0"))
URLS = ("https://shop.example/thanks?ScCid=AbC-1", "http://x.y/\u00e4?q=1&r=2", "shop.example/no-scheme", "", "https://x.y")
IDS = ("o-17", "  o-18 ", Number("12345678901234567890"), Number("7"), "", None, "0", True, "id\u00e9")
TIMES = (lambda r: Number(str(NOW - r.randrange(600_000))), lambda r: Number(f"{NOW - r.randrange(600_000)}{r.randrange(1000):03}"),
         lambda r: Number(f"{NOW - r.randrange(600_000)}{r.randrange(10**6):06}"), lambda r: str(NOW - r.randrange(600_000)),
         lambda r: f"2022-04-{r.randrange(16, 22)}T10:57:58Z", lambda r: f"2022-04-2{r.randrange(2)}T23:59:59.{r.randrange(1000):03}+02:00",
         lambda r: f"2022-04-{r.randrange(16, 22)}T10:57:58.123456Z")
ODD_TIMES = ("2022-04-22", "2022-04-22T10:57:58", "yesterday", "", None, Number("20000"), Number("1e9"), "2022-02-30T10:00:00Z",
             Number("1650625078.5"), Number("-1650625078"), "2022-04-22 10:57:58Z", Number("19" * 10), "2021-01-01T00:00:00Z",
             "2022-04-22T12:04:59Z", "2022-04-22T12:05:01Z", "2022-04-22T12:00:60Z", "2022-04-22T24:00:00Z", " 1650625078 ", "1999-12-31T23:59:59Z",
             Number("1650024000"), Number("1650023999"), Number("1647432000"), Number("1647431999"), Number("1650623400"), "2022-04-22T10:57:58+0200", "2022-04-22T10:57:58z", "2022-04-22T10:57Z", [], True)
ANYTHING = (None, "", " ", True, False, "null", "NaN", "true", "false", "undefined", Number("0"), Number("-1"), Number("1.50"), Number("7"), Number("1e400"),
            Number("12345678901234567890"), "1,299.00", "usd ", "7", [], {}, [None], ["a", None, {}], {"a": None}, {"a": {"b": [Number("1"), None]}},
            [[[[Number("1")]]]], "WEB", "app", "PURCHASE", "jane@example.com", "\u0000", "é\"\\\n", [Number("1"), "2", True], "x" * 300,
            [{"product_id": Number("1"), "price": "x"}], [{"product_id": "p", "quantity": "2"}, Number("7")])


def anything(rng: random.Random):
    return rng.choice(ANYTHING)


def some(rng, pool):
    """Mostly one of the first, ordinary ones."""
    return pool[rng.randrange(len(pool))] if rng.random() < 0.4 else pool[rng.randrange(min(3, len(pool)))]


def time(rng):
    return rng.choice(ODD_TIMES) if rng.random() < 0.12 else rng.choice(TIMES)(rng)


def optional(rng, **members):
    """The members that a coin leaves; each is given as a function of rng or a pool."""
    out = {}
    for name, pool in members.items():
        if rng.random() < 0.7:
            out[name] = pool(rng) if callable(pool) else some(rng, pool)
    return out


def one_or_more(pool):
    def make(rng):
        return [some(rng, pool) for _ in range(rng.randrange(1, 4))] if rng.random() < 0.3 else some(rng, pool)
    return make


def product(rng):
    return optional(rng, product_id=("sku-1", "sku-2", "sku-3", *IDS), sku=("s-1", "s-2"), id=("i-1", Number("5")), price=PRICES, quantity=QUANTITIES,
                    brand=("Acme", "Maison", "", Number("3")), category=("Shoes", "Socks", "Bags", ""), delivery_category=("in_store", "home_delivery"),
                    name=("Tote", "Crème"))


def products(rng):
    return [product(rng) for _ in range(rng.randrange(4))]
