package io.sinkconnector;

import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.json.JsonConverter;

/** Keys, values and headers as the bytes a sink reads: byte[] and String as they are, everything else as JSON without a schema. */
final class ValueBytes {
    /** The code of dead letters whose key, value or header has no JSON form; the README lists it, the sink never sees such a record. */
    static final String NOT_CONVERTIBLE = "record.not.convertible";

    private final JsonConverter json = new JsonConverter();

    ValueBytes() {
        // Decimals as numbers in text form: base64 would be unreadable for a sink (source-formats.md §6).
        json.configure(Map.of("schemas.enable", "false", "decimal.format", "NUMERIC"), false);
    }

    byte[] of(String topic, Schema schema, Object value) {
        if (value == null) return null;
        if (value instanceof byte[]) return (byte[]) value;
        if (value instanceof String) return Packed.utf8((String) value);
        if (value instanceof ByteBuffer) return copy((ByteBuffer) value);
        return json.fromConnectData(topic, schema, value);
    }

    private static byte[] copy(ByteBuffer b) {
        byte[] out = new byte[b.remaining()];
        b.duplicate().get(out);
        return out;
    }
}
