package io.sinkconnector;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigDef;

/** Keys that belong to Kafka Connect or to this bridge and are kept from the native library (sink_connector.h, sca_connector.validate). */
final class HostKeys {
    static final String LIBRARY_PATH = "native.library.path";
    static final String CONNECTOR_ID = "native.connector.id";
    static final String TASK_NUMBER = "native.task.number";

    private static final Set<String> NAMES = Set.of("name", "connector.class", "connector.plugin.version", "tasks.max", "tasks.max.enforce",
        "topics", "topics.regex", "transforms", "predicates", "config.action.reload", "task.class", "key.converter", "value.converter", "header.converter");
    private static final List<String> PREFIXES = List.of("topics.", "transforms.", "predicates.", "errors.", "consumer.", "producer.", "admin.",
        "key.converter.", "value.converter.", "header.converter.", "native.");

    private HostKeys() {}

    static boolean isHostKey(String key) {
        return NAMES.contains(key) || PREFIXES.stream().anyMatch(key::startsWith);
    }

    /** The library's share of a configuration, packed for the bridge: key, value, key, value … */
    static byte[][] forLibrary(Map<String, String> config) {
        List<byte[]> out = new ArrayList<>();
        for (Map.Entry<String, String> e : new TreeMap<>(config).entrySet()) {
            if (isHostKey(e.getKey()) || e.getValue() == null) continue;
            out.add(Packed.utf8(e.getKey()));
            out.add(Packed.utf8(e.getValue()));
        }
        return out.toArray(new byte[0][]);
    }

    static ConfigDef define() {
        String group = "Native library";
        return new ConfigDef()
            .define(LIBRARY_PATH, ConfigDef.Type.STRING, null, ConfigDef.Importance.LOW,
                "File of the native sink library. Looked for, in this order: here, in the environment's SINK_CONNECTOR_LIBRARY_PATH, beside the plugin's jar, inside the jar.",
                group, 1, ConfigDef.Width.LONG, "Library file")
            .define(CONNECTOR_ID, ConfigDef.Type.STRING, null, ConfigDef.Importance.LOW,
                "Which connector of the library to run, when the connector class does not say it.", group, 2, ConfigDef.Width.LONG, "Connector of the library");
    }
}
