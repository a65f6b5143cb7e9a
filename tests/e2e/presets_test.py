#!/usr/bin/env python3
"""examples/presets: every preset's records preview as the expected file says, and a strict Snapchat takes what is sent."""
import http.client
import json
import os
import ssl
import subprocess
from collections import Counter

from harness import BUILD, PIXEL, ROOT, SNAP_APP, E2ETest, Simulator, run_tests

EXAMPLES = ROOT / "examples/presets"
EXPLAINED = ROOT / "tests/e2e/golden/explain"
NOW = "2025-11-23T12:00:00Z"
RECORDS = 20


def directories():
    return sorted(each for each in EXAMPLES.iterdir() if each.is_dir())


def preset_names():
    documented = (ROOT / "plugin/doc/CONFIGURATION.md").read_text(encoding="utf-8")
    row = next(line for line in documented.splitlines() if line.startswith("| `mapping.preset` "))
    return {each.strip("` ") for each in row.split("|")[4].split(",")}


def preview(directory, *words):
    done = subprocess.run([BUILD / "bin" / "sink-host", "preview", "--config", directory / "connector.json", "--input", directory / "records.ndjson",
                           "--now", NOW, "--plugin-path", BUILD / "lib", *words], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr[-1000:]
    return done.stdout


def explained(printed):
    """Explanations for reading: one decision a line. Of the first two records, and of the first that is a batch."""
    lines = [json.loads(line) for line in printed]
    batches = [line for line in lines[2:] if "members" in line["explanation"]]
    out = []
    for line in lines[:2] + batches[:1]:
        why = line["explanation"]
        out.append(f'{why["preset"]} offset {line["offset"]} {line["outcome"]} {line.get("code", "")}'.rstrip())
        for part in why.get("members", [why]):
            if "member" in part:
                out.append(" ".join(["  member", str(part["member"]), *(part[key] for key in ("code", "message") if key in part)]))
            rows = [("record", row) for row in part["record"]]
            rows += [(event["event_name"], row) for event in part["events"] for row in event["fields"]]
            out += [f"    {where} {json.dumps(row, ensure_ascii=False)}" for where, row in rows]
    return "".join(f"{line}\n" for line in out)


def compared(line):
    """Everything but the sentence for people, which may be worded better one day; event as text, so that numbers stay as written."""
    return {key: value for key, value in json.loads(line, parse_float=str, parse_int=str).items() if key != "message"}


class Presets(E2ETest):
    def check_valid(self, config):
        done = subprocess.run([BUILD / "bin" / "sink-host", "validate", "--config", config, "--plugin-path", BUILD / "lib"],
                              capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_there_is_one_directory_for_each_preset(self):
        self.assertEqual({each.name for each in directories()}, preset_names())

    def test_every_configuration_is_valid(self):
        self.write("snapchat.properties", "token=x\ntoken.eu=y\n")
        for each in directories():
            with self.subTest(each.name):
                text = (each / "connector.json").read_text(encoding="utf-8").replace("/etc/sink-host", self.directory)
                self.check_valid(self.write(f"{each.name}.json", text))

    def test_every_configuration_of_the_migration_guide_is_valid(self):
        guide = (ROOT / "plugin/doc/MIGRATING.md").read_text(encoding="utf-8")
        blocks = [block for block in guide.split("```")[1::2] if "mapping.preset=" in block]
        self.assertGreaterEqual(len(blocks), 4)
        for number, block in enumerate(blocks):
            with self.subTest(block):
                text = f"name=guide\nconnector.class=SnapchatSink\ntopics=t\nsnapchat.pixel.id={PIXEL}\nsnapchat.access.token=x\n{block}"
                self.check_valid(self.write(f"guide-{number}.properties", text))

    def test_every_record_becomes_what_is_expected(self):
        """UPDATE_GOLDEN=1 writes the expected files anew: reason about every line that differs before you commit it."""
        for each in directories():
            text = preview(each)
            if os.environ.get("UPDATE_GOLDEN"):
                (each / "expected.ndjson").write_text(text, encoding="utf-8")
            got, expected = text.splitlines(), (each / "expected.ndjson").read_text(encoding="utf-8").splitlines()
            self.assertEqual((len(got), len(expected)), (RECORDS, RECORDS), each.name)
            for number, (is_, should) in enumerate(zip(got, expected), 1):
                with self.subTest(preset=each.name, record=number):
                    self.assertEqual(compared(is_), compared(should))

    def test_explanations_are_as_before(self):
        """UPDATE_GOLDEN=1 writes the files anew: look at the difference before you commit it."""
        for each in directories():
            lines = preview(each, "--explain").splitlines()
            text, golden = explained(lines), EXPLAINED / f"{each.name}.txt"
            if os.environ.get("UPDATE_GOLDEN"):
                golden.parent.mkdir(exist_ok=True)
                golden.write_text(text, encoding="utf-8")
            with self.subTest(each.name):
                self.assertEqual(text.splitlines(), golden.read_text(encoding="utf-8").splitlines())
                results = [{k: v for k, v in compared(line).items() if k != "explanation"} for line in lines]
                self.assertEqual(results, [*map(compared, (each / "expected.ndjson").read_text(encoding="utf-8").splitlines())])

    def test_the_records_are_of_many_kinds(self):
        for each in directories():
            with self.subTest(each.name):
                lines = [json.loads(line) for line in (each / "expected.ndjson").read_text(encoding="utf-8").splitlines()]
                outcomes = Counter(line["outcome"] for line in lines)
                events = [output["event"] for line in lines for output in line.get("outputs", [])]
                self.assertGreaterEqual(outcomes["send"], 10)
                self.assertGreaterEqual(outcomes["reject"], 3)
                self.assertGreaterEqual(outcomes["skip"], 1)
                self.assertGreaterEqual(len({line["code"] for line in lines if "code" in line}), 5)
                self.assertGreaterEqual(len({event["event_name"] for event in events}), 6)
                self.assertGreaterEqual(len({event["action_source"] for event in events}), 2)

    def test_a_strict_snapchat_takes_every_event(self):
        self.simulator = Simulator(self.directory, self.token, options=("--now", NOW))
        trust = ssl.create_default_context(cafile=str(self.simulator.trust))
        for each in directories():
            with self.subTest(each.name):
                assets = {output["url"].split("/")[4] for line in map(json.loads, (each / "expected.ndjson").read_text(encoding="utf-8").splitlines())
                          for output in line.get("outputs", [])}
                for request in map(json.loads, preview(each, "--batches").splitlines()):
                    asset = request["url"].split("/")[4]
                    self.assertIn(asset, assets)
                    connection = http.client.HTTPSConnection("localhost", self.simulator.port, context=trust, timeout=30)
                    connection.request("POST", self.path_for(request), json.dumps(request["body"]), {"Content-Type": "application/json"})
                    answer = connection.getresponse()
                    self.assertEqual((answer.status, json.loads(answer.read())["status"]), (200, "VALID"))
                    connection.close()
        status = self.simulator.status()
        self.assertEqual((status["duplicates"], status["conflicts"], status["without_id"]), (0, 0, 0))

    def path_for(self, request):
        """The simulator knows one pixel and one app; which of them the event wants is what its action source says."""
        app = request["body"]["data"][0]["action_source"] == "MOBILE_APP"
        return f"/v3/{SNAP_APP if app else PIXEL}/events?access_token={self.token}"


if __name__ == "__main__":
    run_tests()
