#!/usr/bin/env python3
"""Do runbook, alert rules, dashboard and lists of metrics agree?  check_operations.py SOURCE_DIR

Rules and dashboard may name only metrics, label values and codes that exist; the runbook has each alert and each code once, and no
others; sink-host's README lists each of the host's metrics. Read without a YAML parser: the rules keep one key a line.
`check_operations.py --self-test` checks the judgement.
"""
import json
import pathlib
import re
import sys

ROW = re.compile(r"^\| `([a-z_.0-9]+)` \|(?: (\w+) \|)?", re.M)
HISTOGRAM_ENDS = ("_bucket", "_sum", "_count")
STATES = {"RUNNING", "PAUSED", "STOPPED", "FAILED"}


def metrics_in(expression):
    return set(re.findall(r"\b((?:snapchat_sink|sink_host|process)_[a-z_]+|up)\b", re.sub(r'"[^"]*"', '""', expression)))


def unknown_metrics(expression, kinds):
    out = []
    for name in metrics_in(expression):
        base = next((name[:-len(end)] for end in HISTOGRAM_ENDS if name.endswith(end) and kinds.get(name[:-len(end)]) == "histogram"), name)
        if base != "up" and (base not in kinds or (base == name and kinds[name] == "histogram")):
            out.append(name)
    return sorted(out)


def unknown_values(expression, values):
    return sorted(f"{label}={value}" for label, value in re.findall(r'(\w+)!?="([^"$]+)"', expression)
                  if label in values and value not in values[label])


def problems(texts):
    """texts: metrics, codes, runbook, alerts, dashboard, host_readme, host_sources -> list of sentences."""
    out = []
    tables = texts["metrics"].split("## Reasons")
    kinds = dict(ROW.findall(tables[0]))
    host_table = dict(ROW.findall(texts["host_readme"]))
    for name in sorted(set(re.findall(r'"((?:sink_host|process)_[a-z_]+)"', texts["host_sources"])) ^ set(host_table)):
        out.append(f"sink-host's sources and its README do not both have {name}")
    kinds.update(host_table)
    codes = {code for code, _ in ROW.findall(texts["codes"])}
    values = {"code": codes, "reason": {reason for reason, _ in ROW.findall(tables[1])}, "state": STATES,
              "outcome": {"delivered", "rejected", "skipped", "done", "failed", "sent"}}
    alerts = re.findall(r"^ +- alert: (\w+)\n +expr: (.+)$", texts["alerts"], re.M)
    if len(alerts) != texts["alerts"].count("alert:") or len({name for name, _ in alerts}) != len(alerts):
        out.append("the rules cannot be read: alert and expr stand on a line each, every name once")
    panels = [(panel["title"], target["expr"]) for panel in json.loads(texts["dashboard"])["panels"] for target in panel["targets"]]
    for name, expression in alerts + panels:
        out += [f"{name}: no metric {metric}" for metric in unknown_metrics(expression, kinds)]
        out += [f"{name}: no such value {value}" for value in unknown_values(expression, values)]
    for what, wanted, told in (("alert", [name for name, _ in alerts], re.findall(r"^### (\w+)$", texts["runbook"], re.M)),
                               ("code", codes, [code for code, _ in ROW.findall(texts["runbook"])])):
        out += [f"RUNBOOK.md lacks the {what} {each}" for each in sorted(set(wanted) - set(told))]
        out += [f"RUNBOOK.md has a {what} {each} that does not exist" for each in sorted(set(told) - set(wanted))]
        out += [f"RUNBOOK.md has the {what} {each} twice" for each in sorted(set(each for each in told if told.count(each) > 1))]
    return out


def read(root):
    def text(path):
        return (root / path).read_text(encoding="utf-8")
    host = root / "sdk" / "hosts" / "standalone"
    return {"metrics": text("plugin/doc/METRICS.md"), "codes": text("plugin/doc/CODES.md"), "runbook": text("plugin/doc/RUNBOOK.md"),
            "alerts": text("examples/observability/alerts.yml"), "dashboard": text("examples/observability/dashboard.json"),
            "host_readme": text("sdk/hosts/standalone/README.md").partition("## Metrics")[2].partition("\n## ")[0],
            "host_sources": "".join((host / "src" / name).read_text(encoding="utf-8") for name in ("task_metrics.cpp", "metrics_text.cpp"))}


def self_test():
    good = {"metrics": "| `snapchat_sink_a_total` | counter | code | A. |\n| `snapchat_sink_h` | histogram |  | H. |\n## Reasons\n| `reset` | broke |\n",
            "codes": "| `snap.invalid` | refused |\n", "runbook": "### One\n| `snap.invalid` | do this |\n",
            "alerts": '      - alert: One\n        expr: rate(snapchat_sink_a_total{code="snap.invalid"}[5m]) > sink_host_b\n',
            "dashboard": json.dumps({"panels": [{"title": "H", "targets": [{"expr": "rate(snapchat_sink_h_bucket[5m])"}]}]}),
            "host_readme": "| `sink_host_b` | gauge | B |\n", "host_sources": 'add("sink_host_b")'}
    assert problems(good) == [], problems(good)
    for place, old, new in (("alerts", "a_total", "b_total"), ("alerts", "snap.invalid", "snap.odd"), ("alerts", "One", "Two"),
                            ("dashboard", "h_bucket", "h"), ("dashboard", "h_bucket", "a_total_bucket"), ("runbook", "snap.invalid", "snap.odd"),
                            ("runbook", "### One\n", ""), ("host_sources", "sink_host_b", "sink_host_c"), ("codes", "snap.invalid", "snap.odd"),
                            ("alerts", "        expr", "        # expr")):
        assert problems({**good, place: good[place].replace(old, new)}), (place, old, new)
    return 0


def main(words):
    if words == ["--self-test"]:
        return self_test()
    out = problems(read(pathlib.Path(words[0])))
    print("\n".join(out))
    return 1 if out else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
