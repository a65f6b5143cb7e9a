package io.sinkconnector;

import java.util.List;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/**
 * The range or the choices of one key, as forms and generated documentation show them. It refuses what the library refuses, in the same
 * words (sdk/src/config_check.cpp); a test compares the two over the whole table of the Snapchat sink.
 */
final class TableValidator implements ConfigDef.Validator {
    private final KeyTable.Key key;

    private TableValidator(KeyTable.Key key) {
        this.key = key;
    }

    /** null: every value of the type will do. */
    static ConfigDef.Validator of(KeyTable.Key key) {
        return key.ranged() || !key.validValues.isEmpty() ? new TableValidator(key) : null;
    }

    @Override
    public void ensureValid(String name, Object value) {
        if (value == null) return;
        if (key.ranged() && value instanceof Number) {
            double number = ((Number) value).doubleValue();
            if (number < key.min || number > key.max) throw new ConfigException(shown(value) + " is outside " + plain(key.min) + " to " + plain(key.max));
        }
        if (key.validValues.isEmpty()) return;
        for (Object member : value instanceof List ? (List<?>) value : List.of(value))
            if (!key.validValues.contains(member.toString())) throw new ConfigException(shown(member) + " is not one of " + String.join(", ", key.validValues));
    }

    private String shown(Object value) {
        if (key.secret()) return "its value";
        return "\"" + (value instanceof Double ? plain((Double) value) : value) + "\"";
    }

    private static String plain(double bound) {
        return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
    }

    @Override
    public String toString() {
        return key.validValues.isEmpty() ? "[" + plain(key.min) + ",...," + plain(key.max) + "]" : key.validValues.toString();
    }
}
