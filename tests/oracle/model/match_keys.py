"""Clear text -> what Snapchat hashes, and its SHA-256. Each function answers the normalised text, or None when the value is dropped."""
import hashlib
import ipaddress
import re
import unicodedata

import phonenumbers

from . import tables

EMPTY_HASH = hashlib.sha256(b"").hexdigest()
HEX = re.compile(r"[0-9a-fA-F]+\Z")
OTHER_DIGESTS = (32, 40, 56, 96, 128)


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def email(text, _context):
    text = text.strip().lower()
    local, at, domain = text.partition("@")
    return text if at and local and "@" not in domain and "." in domain and not re.search(r"\s", text) else None


def phone(text, context):
    region = context.get("phone_country")
    asked = "".join(str(unicodedata.digit(c)) if c.isdigit() else c for c in text.strip())
    # Snapchat's rule: 00 is the international prefix wherever one is; the package knows that only where it is dialled.
    if re.match(r"\+?\s*00", asked):
        asked = "+" + re.sub(r"^\+?\s*00", "", asked)
    if not region and not asked.startswith("+"):
        asked = "+" + asked  # digits with a country code, or a national number that is then none
    try:
        number = phonenumbers.parse(asked.replace("(0)", ""), region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)[1:]


def _words(text):
    text = unicodedata.normalize("NFC", text).lower()
    return "".join(c for c in text if not unicodedata.category(c).startswith("P")).split()


def person_name(text, _context):
    return " ".join(_words(text)) or None


def city(text, _context):
    return "".join(_words(text)) or None


def state(text, context):
    word = " ".join(text.split()).lower()
    country_code = context.get("country")
    if re.match(r"[a-z]{2}[-_]", word):  # ISO 3166-2 names its country itself
        country_code, word = country(word[:2], {}) or "none", word[3:]
    if country_code in tables.OTHER_STATES:
        return None  # the generator writes states of the US only
    if country_code not in (None, "us"):
        code = re.sub(r"[-_.' ]", "", word.removeprefix(f"{country_code}-"))
        return code if re.match(r"[a-z0-9]{1,3}\Z", code) else None
    return tables.STATE_BY_WORD.get(word)


def country(text, _context):
    return tables.COUNTRY_BY_WORD.get(" ".join(text.split()).lower())


def zip_code(text, context):
    """US: five digits or nothing; UK: area, district and sector, which leaves out the last two letters."""
    plain = "".join(_words(text))
    if re.match(r"\d{5}-\d{4}\Z", text.strip()):
        return plain[:5]
    if context.get("country") == "us":
        return plain[:5] if re.match(r"\d{5}(\d{4})?\Z", plain) else None
    if context.get("country") == "gb" and re.match(r"[a-z]{1,2}\d[a-z\d]?\d[a-z]{2}\Z", plain):
        return plain[:-2]
    return plain or None


def gender(text, _context):
    return {"m": "m", "male": "m", "f": "f", "female": "f"}.get(text.strip().lower())


def external_id(text, _context):
    return text.strip().lower() or None


def device_id(text):
    """Visible ASCII without blanks, no longer than any id that exists, and not zeros alone."""
    text = text.strip().lower()
    plausible = re.fullmatch(r"[!-~]{1,128}", text) and text.strip("0-") and text != EMPTY_HASH
    return text if plausible else None


def advertising_id(text):
    """An IDFA or GAID: a UUID; Snapchat refuses other forms."""
    text = device_id(text)
    return text if text and re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text) else None


def ip_address(text):
    text = text.strip()
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return None
    return None if "%" in text else text  # a zone means something on one machine only


def hashed(rule, text, context):
    """(digest or None, whether another algorithm's digest was dropped)."""
    bare = text.strip()
    if HEX.match(bare) and len(bare) == 64:
        digest = bare.lower()
        return (None if digest == EMPTY_HASH else digest), False
    if HEX.match(bare) and len(bare) in OTHER_DIGESTS:
        return None, True
    normal = rule(text, context)
    return (sha256(normal) if normal else None), False
