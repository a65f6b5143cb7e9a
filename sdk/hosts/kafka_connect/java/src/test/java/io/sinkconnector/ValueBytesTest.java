package io.sinkconnector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.errors.DataException;
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

    @Test
    void decimalsKeepTheirDigitsHoweverLarge() {
        Schema s = SchemaBuilder.struct().field("d", Decimal.schema(30)).build();
        assertEquals("{\"d\":123456789012345678901234567890.100000000000000000000000000001}",
            text(s, new Struct(s).put("d", new BigDecimal("123456789012345678901234567890.100000000000000000000000000001"))));
    }

    @Test
    void wholeNumbersOf64BitsAreExact() {
        Schema s = SchemaBuilder.struct().field("id", Schema.INT64_SCHEMA).build();
        assertEquals("{\"id\":9223372036854775807}", text(s, new Struct(s).put("id", Long.MAX_VALUE)));
        assertEquals("{\"id\":9223372036854775807}", text(null, Map.of("id", Long.MAX_VALUE)));
    }

    @Test
    void timestampsAreMillisecondsDatesAreDaysAndBytesInsideAreBase64() {
        Schema s = SchemaBuilder.struct().field("at", Timestamp.SCHEMA).field("day", org.apache.kafka.connect.data.Date.SCHEMA).field("raw", Schema.BYTES_SCHEMA).build();
        Struct v = new Struct(s).put("at", new Date(1_650_625_078_123L)).put("day", new Date(86_400_000L * 3)).put("raw", new byte[] {1, 2, 3});
        assertEquals("{\"at\":1650625078123,\"day\":3,\"raw\":\"AQID\"}", text(s, v));
    }

    @Test
    void whatIsNoNumberIsText() {
        assertEquals("{\"v\":\"NaN\"}", text(null, Map.of("v", Double.NaN)));
        assertEquals("{\"v\":\"-Infinity\"}", text(null, Map.of("v", Double.NEGATIVE_INFINITY)));
    }

    @Test
    void absentAndNullFieldsOfAStructAreNull() {
        Schema s = SchemaBuilder.struct().field("a", Schema.OPTIONAL_STRING_SCHEMA).field("list", SchemaBuilder.array(Schema.INT32_SCHEMA).optional().build()).build();
        assertEquals("{\"a\":null,\"list\":[1,2]}", text(s, new Struct(s).put("list", List.of(1, 2))));
    }

    @Test
    void aMapWhoseKeysAreNoTextIsAListOfPairs() {
        Schema s = SchemaBuilder.map(Schema.INT32_SCHEMA, Schema.STRING_SCHEMA).build();
        assertEquals("[[7,\"x\"]]", text(s, Map.of(7, "x")));
        assertEquals("[[7,\"x\"]]", text(null, Map.of(7, "x")));
    }

    @Test
    void scalarsAreTheirJson() {
        assertEquals("12", text(Schema.INT64_SCHEMA, 12L));
        assertEquals("true", text(null, true));
    }

    @Test
    void textInsideIsEscapedAndBeyondTheBasicPlaneToo() {
        assertEquals("{\"a\":\"\\\"\\n\\uD83D\\uDCA5\"}", text(null, Map.of("a", "\"\n\uD83D\uDCA5")));
    }

    @Test
    void aValueThatNoSchemaExplainsIsRefused() {
        assertThrows(DataException.class, () -> text(null, Map.of("d", new BigDecimal("1.5"))));
        assertThrows(DataException.class, () -> text(null, Map.of("d", new Date())));
    }
}
