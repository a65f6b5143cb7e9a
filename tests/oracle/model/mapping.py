"""One record -> one outcome, in the order of checks that interfaces.md fixes."""
from . import batches, event, ga4, mparticle, posthog, rudder, segment, snap, tables
from .event import Refused
from .values import ASCII_BLANKS, NotJson, at, first, parse, text_of

PRESETS = {p.PRESET: p for p in (snap, segment, rudder, ga4, posthog, mparticle)}
GRANTED = ("granted", "true", "yes", "1")


def consented(record, config):
    """Whether consent.field yields one of the granted values; without the key everyone consented."""
    if not config.get("consent_field"):
        return True
    found = first(record, *config["consent_field"])
    words = found if isinstance(found, list) else [found]
    return any(word_of(w) in config.get("granted", GRANTED) for w in words)


def word_of(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    text = text_of(value)
    return text.strip(ASCII_BLANKS).lower() if text else None


def targets(preset, record, config):
    """(Snapchat names, one an output), after mapping.event.names."""
    [(raw, own)] = preset.names(record, config)
    listed = [to for frm, to in config.get("event_names", ()) if tables.fold(frm) == tables.fold(raw)]
    if listed:
        return listed
    if own:
        return [own]
    mode = config.get("unknown", "reject")
    if mode == "pass":
        return [raw]
    raise Refused("event.name.unknown", mode)


def mapped(preset, record, meta, config, now_ms):
    limited = None
    if not consented(record, config):
        mode = config.get("consent_denied", "skip")
        if mode == "skip":
            raise Refused("consent.denied", "skip")
        limited = mode
    if preset.PRESET == "segment" and preset.disabled(record):
        raise Refused("integration.disabled", "skip")
    names = targets(preset, record, config)
    meta.get("names", []).extend(names)
    ms = preset.time(record)
    source = config.get("action_source") or preset.source(record)
    event.check_age(ms, source, config, now_ms)
    if source is None:
        raise Refused("action.source.invalid")
    asset = config.get("app_asset") if source == "MOBILE_APP" else config.get("pixel")
    if not asset:
        raise Refused("asset.missing")
    user, foreign = event.user_data(preset.user(record), source, config)
    if limited == "strip":
        user = {k: v for k, v in user.items() if k in event.STRIPPED}
        if not event.identified(user, source):
            raise Refused("consent.denied", "skip")
    event.check_identity(user, foreign, source, config)
    own_id = preset.own_id(record, names[0])
    outputs = []
    for n, name in enumerate(names):
        base = batches.told_apart(own_id, name, meta) if own_id else f"{meta['topic']}-{meta['partition']}-{meta['offset']}"
        out = {"event_name": name, "event_time": event.Number(str(ms // 1000)), "action_source": source,
               "event_id": base if n == 0 else f"{base}#{n + 1}", **preset.top(record, source), "user_data": user}
        if limited or (config.get("limited_use") and word_of(at(record, config["limited_use"])) in ("true", "1", "yes")):
            out["data_processing_options"] = list(dict.fromkeys([*(out.get("data_processing_options") or ()), "LDU"]))
        custom = preset.custom(record, name, config)
        event.check_purchase(name, custom)
        out["custom_data"] = custom
        app_data = preset.app(record, config, source)
        out = event.without_absent(out) | {"user_data": user}
        if app_data and any(v is not None and v != [] for v in app_data.values()):
            out["app_data"] = {k: v for k, v in app_data.items() if v is not None and v != []}
        if limited == "strip":
            out = event.stripped(out)
        outputs.append({"url": f"https://tr.snapchat.com/v3/{asset}/events", "event": out})
    return outputs


def outcome(preset_name, data, meta, config, now_ms):
    """What `sink-host preview` should print for the value `data` (bytes, None for a tombstone)."""
    try:
        if not data:
            raise Refused("record.tombstone", "skip")
        try:
            record = parse(data)
        except NotJson as e:
            raise Refused("record.not.json") from e
        if not isinstance(record, dict):
            raise Refused("record.not.object")
        return {"outcome": "send", "outputs": batches.mapped(mapped, PRESETS[preset_name], record, meta, config, now_ms)}
    except Refused as refused:
        return {"outcome": refused.outcome, "code": refused.code}
