#!/usr/bin/env python3
"""The examples: every configuration is valid, the shop's data previews as promised, without network and without reading the token."""
import hashlib
import json
import os
import subprocess
from collections import Counter

from harness import BUILD, ROOT, E2ETest, run_tests

EXPECTED = json.loads((ROOT / "examples/data/shop.expected.json").read_text())
DATA = ROOT / "examples/data/shop.ndjson"
GOLDEN = ROOT / "tests/e2e/golden/shop.preview.ndjson"
CONFIG = ROOT / "examples/connectors/preview-segment.json"


def sink_host(*words):
    return subprocess.run([BUILD / "bin" / "sink-host", *map(str, words), "--plugin-path", BUILD / "lib"], capture_output=True, text=True,
                          timeout=60, check=False)


def preview(*words, config=CONFIG):
    done = sink_host("preview", "--config", config, "--input", DATA, "--now", EXPECTED["base"], *words)
    assert done.returncode == 0, done.stderr[-1000:]
    return done.stdout


class Examples(E2ETest):
    def test_every_example_configuration_is_valid(self):
        files = [each for each in (ROOT / "examples/connectors").iterdir() if each.suffix in (".json", ".properties")]
        self.assertGreaterEqual(len(files), 5)
        self.write("snapchat.properties", "token=x\n")
        self.write("snapchat.token", "x\n")
        for each in files:
            with self.subTest(each.name):
                text = each.read_text().replace("/etc/sink-host", self.directory)  # the token files of a user's machine
                done = sink_host("validate", "--config", self.write(each.name, text))
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_the_preview_of_the_shop_is_as_promised(self):
        lines = [json.loads(line) for line in preview().splitlines()]
        self.assertEqual(len(lines), EXPECTED["records"])
        sent = Counter(each["outputs"][0]["event"]["event_name"] for each in lines if each["outcome"] == "send")
        refused = Counter(each["code"] for each in lines if each["outcome"] == "reject")
        skipped = Counter(each["code"] for each in lines if each["outcome"] == "skip")
        only_snapchat = EXPECTED["dead_letters"]["snap.invalid"]  # a preview asks nobody: purchases that would be sent
        delivered = Counter(EXPECTED["delivered"]) + Counter(PURCHASE=only_snapchat)
        self.assertEqual(sent, delivered)
        self.assertEqual(refused, Counter(EXPECTED["dead_letters"]) - Counter({"snap.invalid": only_snapchat}))
        self.assertEqual(skipped, Counter(EXPECTED["skipped"]))

    def test_one_record_of_each_kind_previews_byte_for_byte_as_before(self):
        """UPDATE_GOLDEN=1 writes the file anew: look at the difference before you commit it."""
        first = {}
        for line in preview().splitlines():
            read = json.loads(line)
            first.setdefault(read.get("code") or read["outputs"][0]["event"]["event_name"], line)
        text = "".join(f"{line}\n" for _, line in sorted(first.items()))
        if os.environ.get("UPDATE_GOLDEN"):
            GOLDEN.write_text(text, encoding="utf-8")
        self.assertEqual(text, GOLDEN.read_text(encoding="utf-8"))

    def test_match_keys_agree_with_an_independent_computation(self):
        def sha256(text):
            return [hashlib.sha256(text.encode()).hexdigest()]
        inputs = {each["offset"]: each["value"] for each in map(json.loads, DATA.read_text(encoding="utf-8").splitlines())}
        seen = Counter()
        for line in map(json.loads, preview().splitlines()):
            if line["outcome"] != "send":
                continue
            properties, user = inputs[line["offset"]]["properties"], line["outputs"][0]["event"]["user_data"]
            for key, name, plain in (("em", "email", lambda text: text.strip().lower()),
                                     ("ph", "phone", lambda text: "".join(filter(str.isdigit, text)))):
                self.assertEqual(user.get(key), sha256(plain(properties[name])) if name in properties else None)
                seen[key] += name in properties
        self.assertGreater(min(seen["em"], seen["ph"]), 10)

    def test_the_preview_is_the_same_each_time(self):
        digests = {hashlib.sha256(preview(*words).encode()).hexdigest() for words in ((), ())}
        self.assertEqual(len(digests), 1)

    def test_the_preview_shows_no_token_and_no_plain_address(self):
        text = preview() + preview("--batches")
        self.assertNotIn("access_token", text)
        self.assertNotIn("Example.com", text)
        self.assertNotIn("example.com\"", text)

    def test_batches_hold_every_event_once(self):
        requests = [json.loads(line) for line in preview("--batches").splitlines()]
        ids = Counter(each["event_id"] for request in requests for each in request["body"]["data"])
        self.assertEqual(sum(ids.values()), sum(EXPECTED["delivered"].values()) + EXPECTED["dead_letters"]["snap.invalid"])
        self.assertEqual(set(ids.values()), {1})
        self.assertEqual({request["url"].split("/v3/")[0] for request in requests}, {"https://tr.snapchat.com"})

    def test_a_bad_line_is_named_and_the_lines_before_it_are_printed(self):
        good = DATA.read_text().splitlines()[0]
        done = sink_host("preview", "--config", CONFIG, "--now", EXPECTED["base"], "--input", self.write("input", f"{good}\nnonsense\n"))
        self.assertEqual(done.returncode, 2)
        self.assertEqual(len(done.stdout.splitlines()), 1)
        self.assertIn("2", done.stderr)


if __name__ == "__main__":
    run_tests()
