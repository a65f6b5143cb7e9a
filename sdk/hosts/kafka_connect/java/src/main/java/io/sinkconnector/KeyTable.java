package io.sinkconnector;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;

/** A connector of a native library and its configuration keys, as the library's own table gives them. */
final class KeyTable {
    // sink_connector.h, SCA_TYPE_*, SCA_KEY_*, SCA_IMPORTANCE_*
    private static final ConfigDef.Type[] TYPES = {
        ConfigDef.Type.STRING, ConfigDef.Type.PASSWORD, ConfigDef.Type.BOOLEAN, ConfigDef.Type.LONG, ConfigDef.Type.DOUBLE, ConfigDef.Type.LIST
    };
    private static final int REQUIRED = 1;
    private static final int DEPRECATED = 2;
    private static final ConfigDef.Importance[] IMPORTANCE = {ConfigDef.Importance.MEDIUM, ConfigDef.Importance.HIGH, ConfigDef.Importance.LOW};

    static final class Key {
        final String name;
        final int type;
        final int flags;
        final int importance;
        final String doc;
        final String group;
        final String displayName;
        final String replacedBy;
        final String defaultValue;
        final double min;
        final double max;
        final List<String> validValues;

        Key(Packed in) {
            name = in.text();
            type = in.number32();
            flags = in.number32();
            importance = in.number32();
            doc = in.text();
            group = in.text();
            displayName = in.text();
            replacedBy = in.text();
            boolean hasDefault = in.number32() != 0;
            String text = in.text();
            defaultValue = hasDefault ? text : null;
            min = in.real();
            max = in.real();
            validValues = in.list(Packed::text);
        }

        boolean secret() {
            return type < 0 || type >= TYPES.length || TYPES[type] == ConfigDef.Type.PASSWORD;
        }

        boolean ranged() {
            return min < max;
        }

        String documentation() {
            if ((flags & DEPRECATED) == 0) return doc;
            return doc + " Deprecated" + (replacedBy.isEmpty() ? "." : ": use " + replacedBy + " instead.");
        }

        /** One name for any number of keys: `asset.*.pixel.id`. A ConfigDef cannot hold it; the library judges such keys itself. */
        boolean family() {
            return name.indexOf('*') >= 0;
        }
    }

    final String id;
    final String alias;
    final String version;
    final String description;
    final List<Key> keys;

    KeyTable(Packed in) {
        id = in.text();
        alias = in.text();
        version = in.text();
        description = in.text();
        keys = in.list(Key::new);
    }

    static List<KeyTable> of(byte[] described) {
        return Packed.read(described, in -> in.list(KeyTable::new));
    }

    /**
     * Adds every key to a definition. What the definition shows comes from the table; whether a configuration is good is asked of the
     * library alone (NativeSinkConnector.validate), so that all hosts say the same.
     */
    ConfigDef define(ConfigDef to) {
        Map<String, Integer> order = new HashMap<>();
        for (Key k : keys) {
            if (k.family()) continue;
            ConfigDef.Type type = k.type >= 0 && k.type < TYPES.length ? TYPES[k.type] : ConfigDef.Type.PASSWORD;
            ConfigDef.Importance importance = k.importance >= 0 && k.importance < IMPORTANCE.length ? IMPORTANCE[k.importance] : ConfigDef.Importance.MEDIUM;
            Object none = k.defaultValue != null ? k.defaultValue : (k.flags & REQUIRED) != 0 ? ConfigDef.NO_DEFAULT_VALUE : null;
            int at = order.merge(k.group, 1, Integer::sum);
            to.define(k.name, type, none, TableValidator.of(k), importance, k.documentation(), k.group, at, ConfigDef.Width.MEDIUM,
                k.displayName.isEmpty() ? k.name : k.displayName, dependents(k), k.validValues.isEmpty() ? null : new Choices(k.validValues));
        }
        return to;
    }

    /**
     * The table has no such column, but names say it: `a.b.c` qualifies `a.b`, and `a.field` finds what every other `a.…` is about.
     */
    List<String> dependents(Key of) {
        String stem = of.name.endsWith(".field") ? of.name.substring(0, of.name.length() - "field".length()) : of.name + ".";
        List<String> out = new ArrayList<>();
        for (Key k : keys) if (k != of && !k.family() && k.name.startsWith(stem)) out.add(k.name);
        return out;
    }

    /** Offers the valid values to forms. */
    private static final class Choices implements ConfigDef.Recommender {
        private final List<Object> values;

        Choices(List<String> values) {
            this.values = new ArrayList<>(values);
        }

        @Override
        public List<Object> validValues(String name, Map<String, Object> config) {
            return values;
        }

        @Override
        public boolean visible(String name, Map<String, Object> config) {
            return true;
        }
    }
}
