package io.sinkconnector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.junit.jupiter.api.Test;

class ValueBytesTest {
    private final ValueBytes bytes = new ValueBytes();

    private String text(Schema schema, Object value) {
        return new String(bytes.of("t", schema, value), StandardCharsets.UTF_8);
    }

    @Test
    void bytesAreNotCopied() {
        byte[] value = {1, 2};
        assertSame(value, bytes.of("t", null, value));
    }

    @Test
    void textIsUtf8() {
        assertEquals("größer", text(null, "größer"));
    }

    @Test
    void aByteBufferIsReadWithoutMovingIt() {
        ByteBuffer b = ByteBuffer.wrap(new byte[] {'a', 'b'});
        assertEquals("ab", text(null, b));
        assertEquals(2, b.remaining());
    }

    @Test
    void aNullStaysNull() {
        assertNull(bytes.of("t", null, null));
    }

    @Test
    void aMapBecomesJson() {
        assertEquals("{\"a\":1}", text(null, Map.of("a", 1)));
    }

    @Test
    void aStructBecomesJsonWithoutItsSchemaAndDecimalsAsNumbers() {
        Schema s = SchemaBuilder.struct().field("price", Decimal.schema(2)).field("id", Schema.STRING_SCHEMA).build();
        assertEquals("{\"price\":25.10,\"id\":\"x\"}", text(s, new Struct(s).put("price", new BigDecimal("25.10")).put("id", "x")));
    }
}
