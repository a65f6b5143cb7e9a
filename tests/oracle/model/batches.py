"""Records that are batches: each member is mapped on its own, and the record has one fate (interfaces.md, section 6)."""
from .event import Refused


def told_apart(own_id, name, meta):
    """An id that the batch has without its members names the first event of a name; the others of that name add their number."""
    shared = name in meta.get("names_before", ()) and own_id == meta["id_of_batch"](name)
    return f"{own_id}-{meta['number']}" if shared else own_id


def mapped(one, preset, record, meta, config, now_ms):
    """What `one` makes of a record; of a batch what it makes of the members, which a preset gives as `events` (None: no batch)."""
    members = preset.events(record) if hasattr(preset, "events") else None
    if members is None:
        return one(preset, preset.flat(record) if hasattr(preset, "flat") else record, meta, config, now_ms)
    if not members:
        raise Refused("record.batch.empty", "skip")
    outputs, unmapped, skipped, named = [], None, None, set()
    for number, member in enumerate(members):
        about = {"offset": f"{meta['offset']}-{number}", "number": number, "names": [], "names_before": frozenset(named),
                 "id_of_batch": lambda name: preset.own_id(preset.around(record), name)}
        try:
            outputs += one(preset, member, {**meta, **about}, config, now_ms)
        except Refused as refused:
            if refused.code in ("event.name.missing", "event.name.unknown"):
                unmapped = Refused("event.name.unknown", "reject" if config.get("unknown", "reject") == "reject" else "skip")
            elif refused.outcome == "skip":
                skipped = skipped or refused
            else:
                raise
        named.update(about["names"])
    if not outputs:
        raise skipped or unmapped
    return outputs
