#!/usr/bin/env python3
"""Compares phone() with the PyPI package `phonenumbers`, which is only an oracle: nothing of it is part of this project.

usage: phones.py NORMALISE_LINES [--count 10000] [--seed 1] [--show 40] [--write tests/plugin/event/data/phones.tsv]

Makes valid numbers of every region that the package knows, writes each in one of many spellings, and asks both for the digits.
Fails when they differ, except where the package is not sure itself (certain) and where the spelling has two readings or the package
is older than the numbering plan (two_readings, older_than_the_plan).
--write keeps about 2 000 of the agreed lines (raw TAB default country TAB digits, "-" when dropped) for the unit test.
Needs Debian's python3-phonenumbers (tests/run deps installs it).
"""
import argparse
import collections
import random
import subprocess
import sys

import phonenumbers as pn

TYPES = (pn.PhoneNumberType.MOBILE, pn.PhoneNumberType.FIXED_LINE, pn.PhoneNumberType.FIXED_LINE_OR_MOBILE)
DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2212"
DIGIT_ZEROS = (0x660, 0x6F0, 0x966, 0xFF10)
# International prefixes that may be dialled from where (ITU dialling procedures); 00 everywhere else.
IDD = {"US": "011", "CA": "011", "JM": "011", "DO": "011", "AU": "0011", "JP": "010", "RU": "810", "KZ": "810", "HK": "001",
       "TH": "001", "KR": "001", "NG": "009", "KE": "000", "TZ": "000", "UG": "000", "CU": "119", "SG": "001", "BY": "810", "TM": "810", "TJ": "810", "GY": "001", "MN": "001", "KH": "001"}


def some_number(region, rng):
    """A valid number of the region: its example with other last digits."""
    for _ in range(60):
        example = pn.example_number_for_type(region, rng.choice(TYPES)) or pn.example_number(region)
        if example is None:
            return None
        digits = pn.national_significant_number(example)
        keep = rng.randint(1, max(1, len(digits) - 4))
        mixed = digits[:keep] + "".join(rng.choice("0123456789") for _ in digits[keep:])
        text = f"+{example.country_code}{mixed}"
        number = pn.parse(text)
        if pn.is_valid_number_for_region(number, region) and pn.number_type(number) in TYPES and pn.format_number(
                number, pn.PhoneNumberFormat.E164) == text:
            return number
    return None


def respace(text, rng):
    """Another separator everywhere."""
    if rng.random() < 0.4:
        return text
    to = rng.choice([" ", "\u00a0", "\u202f", ".", "  ", "/", *DASHES])
    return "".join(to if c in " -" else c for c in text)


def redigit(text, rng):
    zero = rng.choice(DIGIT_ZEROS)
    return "".join(chr(zero + int(c)) if c.isdigit() and c.isascii() else ("\uff0b" if c == "+" and zero == 0xFF10 else c) for c in text)


def spellings(number, region, rng):
    """(raw, default region) pairs for one number."""
    e164 = pn.format_number(number, pn.PhoneNumberFormat.E164)
    international = pn.format_number(number, pn.PhoneNumberFormat.INTERNATIONAL)
    national = pn.format_number(number, pn.PhoneNumberFormat.NATIONAL)
    code = str(number.country_code)
    significant = pn.national_significant_number(number)
    foreign = rng.choice([None, "US", "GB", "DE", "JP"])
    idd = IDD.get(region, "00")
    trunk = pn.ndd_prefix_for_region(region, True)
    yield e164, foreign
    yield respace(international, rng), foreign
    yield respace(international, rng).replace(" ", " (0)", 1) if trunk == "0" else international, foreign
    yield "00" + e164[1:], None
    yield respace("00 " + international[1:], rng), region
    yield idd + " " + respace(international[1:], rng), region
    yield respace(national, rng), region
    yield respace(national, rng), region
    yield national + rng.choice([" x", " ext. ", ";ext=", " extension ", " #", " \u0434\u043e\u0431. "]) + str(rng.randint(1, 9999)), region
    yield redigit(international, rng), foreign
    yield redigit(national, rng), region
    yield f"tel:{e164}", foreign
    yield "\u200e" + international + "\u202c", foreign
    yield f"+{code} ({significant[:2]}) {significant[2:]}", foreign
    yield significant, region
    yield code + significant, region
    if trunk:
        yield f"+{code} {trunk}{significant}", foreign
    yield international + "0" * rng.randint(5, 9), foreign  # too long
    yield f"+{code}{significant[:2]}", foreign  # too short


def to_oracle(raw, region):
    """What the package is asked. Two decisions of this project are outside its model: 00 is an international prefix everywhere
    (Snapchat's rule), in the package only where it is dialled; so it is asked as from the UK. U+202F is a blank like others."""
    raw = raw.replace("\u202f", " ")
    if raw.startswith("00") and not (region in IDD and raw.startswith(IDD[region])):
        region = "GB"
    return raw, region


def expected(raw, region):
    try:
        number = pn.parse(*to_oracle(raw, region))
    except pn.NumberParseException:
        return None
    if not pn.is_possible_number(number):
        return None
    return pn.format_number(number, pn.PhoneNumberFormat.E164)[1:]


def certain(raw, region):
    """Whether the package itself is sure: its digits are a valid number, or no number at all."""
    try:
        number = pn.parse(*to_oracle(raw, region))
    except pn.NumberParseException:
        return True
    return pn.is_valid_number(number) or not pn.is_possible_number(number)


def two_readings(raw, region):
    """Bare digits that begin with the default country's own code: a national number, or an international one without its plus?
    When the numbering plan allows both, nobody can know."""
    if not region or not raw.isdigit():
        return False
    code = str(pn.country_code_for_region(region))
    return raw.startswith(code) and all(
        pn.is_possible_number(pn.PhoneNumber(int(code), int(national))) for national in (raw, raw[len(code):]) if int(national or 0))


def older_than_the_plan(region):
    """Benin put 01 before all its numbers on 30 November 2024; a package from before that knows the eight digits only."""
    return region == "BJ" and len(pn.national_significant_number(pn.example_number("BJ"))) == 8


def cases(count, seed):
    rng = random.Random(seed)
    regions = sorted(pn.SUPPORTED_REGIONS)
    out = []
    while len(out) < count:
        region = rng.choice(regions)
        number = some_number(region, rng)
        if number is not None:
            out.append((region, *rng.choice(list(spellings(number, region, rng)))))
    return out


def ours(program, pairs):
    text = "".join(f"{raw}\t{region or ''}\n" for raw, region in pairs)
    answer = subprocess.run([program, "phone"], input=text.encode(), stdout=subprocess.PIPE, check=True).stdout.decode()
    lines = [line.split("\t") for line in answer.splitlines()]
    assert len(lines) == len(pairs)
    return [digits if outcome == "text" else None for outcome, digits in lines]


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("program")
    options.add_argument("--count", type=int, default=10000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--show", type=int, default=40)
    options.add_argument("--write")
    o = options.parse_args()
    made = cases(o.count, o.seed)
    want = [expected(raw, region) for _, raw, region in made]
    sure = [certain(raw, default) and not two_readings(raw, default) and not older_than_the_plan(region) for region, raw, default in made]
    have = ours(o.program, [(raw, region) for _, raw, region in made])
    differ = [(c, w, h, s) for c, w, h, s in zip(made, want, have, sure) if w != h]
    differ_sure = [d for d in differ if d[3]]
    by_region = collections.Counter(d[0][0] for d in differ_sure)
    for (region, raw, default), w, h, s in differ_sure[:o.show]:
        print(f"{region} {raw!r} default={default} expected={w} have={h}")
    if by_region:
        print("differences by region:", dict(by_region.most_common(40)))
    total, total_sure = len(made), sum(sure)
    print(f"{len({c[0] for c in made})} regions, {total} spellings: {100 * (total - len(differ)) / total:.2f} % agree; "
          f"of the {total_sure} that the oracle decides, {len(differ_sure)} differ")
    if o.write:
        agreed = [(raw, default or "", w or "-") for (_, raw, default), w, h, s in zip(made, want, have, sure) if w == h and s]
        lines = sorted(set(agreed))
        random.Random(o.seed).shuffle(lines)
        with open(o.write, "w", encoding="utf-8") as out:
            out.write("# raw, default country, digits or '-'. Written by tests/oracle/phones.py --write; do not edit.\n")
            out.writelines("\t".join(line) + "\n" for line in sorted(lines[:2000]))
    return 1 if differ_sure else 0


if __name__ == "__main__":
    sys.exit(main())
