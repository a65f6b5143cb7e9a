"""Records that are batches: each member is mapped on its own, and the record has one fate (interfaces.md, section 6)."""
from .event import Refused


def mapped(one, preset, record, meta, config, now_ms):
    """What `one` makes of a record; of a batch what it makes of the members, which a preset gives as `events` (None: no batch)."""
    members = preset.events(record) if hasattr(preset, "events") else None
    if members is None:
        return one(preset, preset.flat(record) if hasattr(preset, "flat") else record, meta, config, now_ms)
    if not members:
        raise Refused("record.batch.empty", "skip")
    outputs, unmapped, skipped = [], None, None
    for number, member in enumerate(members):
        try:
            outputs += one(preset, member, {**meta, "offset": f"{meta['offset']}-{number}"}, config, now_ms)
        except Refused as refused:
            if refused.code in ("event.name.missing", "event.name.unknown"):
                unmapped = Refused("event.name.unknown", "reject" if config.get("unknown", "reject") == "reject" else "skip")
            elif refused.outcome == "skip":
                skipped = skipped or refused
            else:
                raise
    if not outputs:
        raise skipped or unmapped
    return outputs
