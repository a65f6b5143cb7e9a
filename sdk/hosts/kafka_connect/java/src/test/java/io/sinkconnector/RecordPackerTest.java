package io.sinkconnector;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;

class RecordPackerTest {
    private static SinkRecord at(String topic, int partition, long offset, Long timestamp, TimestampType type) {
        return new SinkRecord(topic, partition, null, null, null, null, offset, timestamp, type);
    }

    private static ByteBuffer read(ByteBuffer packed) {
        ByteBuffer in = packed.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        in.flip();
        return in;
    }

    @Test
    void aRecordIsWrittenInTheDocumentedLayout() {
        RecordPacker p = new RecordPacker();
        SinkRecord original = at("orders", 3, 40, 1_700_000_000_000L, TimestampType.CREATE_TIME);
        p.add(7, original.newRecord("renamed", 9, null, null, null, null, 1_700_000_000_000L), Packed.utf8("k"), Packed.utf8("{}"),
            List.of(new RecordPacker.Header(Packed.utf8("h"), null)));
        ByteBuffer in = read(p.finish());
        assertEquals(0x42414353, in.getInt());
        assertEquals(1, in.getInt());
        assertEquals(1, in.getInt());
        assertEquals(2, in.getInt());
        long topicsAt = in.getLong();
        assertEquals(7, in.getLong());
        assertEquals(40, in.getLong());
        assertEquals(1_700_000_000_000L, in.getLong());
        assertEquals(3, in.getInt());
        assertEquals(0, in.getInt());
        assertEquals(1, in.getInt());
        assertEquals(1, in.getInt());
        assertEquals(1, in.getInt());
        assertEquals(2, in.getInt());
        assertEquals(1, in.getInt());
        assertEquals(0, in.getInt());
        assertEquals('k', in.get());
        in.position((int) topicsAt);
        assertEquals("orders".length(), in.getInt());
        assertEquals('o', in.get());
        in.position((int) topicsAt + 16);
        assertEquals("renamed".length(), in.getInt());
    }

    @Test
    void aTombstoneHasSizeMinusOneAndNoTimestampIsMinusOne() {
        RecordPacker p = new RecordPacker();
        p.add(0, at("t", 0, 0, null, TimestampType.NO_TIMESTAMP_TYPE), null, null, List.of());
        ByteBuffer in = read(p.finish());
        in.position(24 + 16);
        assertEquals(-1, in.getLong());
        in.position(24 + 24 + 12);
        assertEquals(0, in.getInt());
        assertEquals(-1, in.getInt());
        assertEquals(-1, in.getInt());
    }

    @Test
    void theBufferGrowsForARecordLargerThanIt() {
        RecordPacker p = new RecordPacker();
        byte[] large = new byte[5 << 20];
        p.add(0, at("t", 0, 0, 1L, TimestampType.CREATE_TIME), null, large, List.of());
        ByteBuffer in = read(p.finish());
        assertEquals(24 + 56 + large.length + 8, in.remaining());
    }

    @Test
    void theSameBufferIsUsedAgain() {
        RecordPacker p = new RecordPacker();
        p.add(0, at("t", 0, 0, 1L, TimestampType.CREATE_TIME), null, new byte[3], List.of());
        ByteBuffer first = p.finish();
        p.add(1, at("t", 0, 1, 1L, TimestampType.CREATE_TIME), null, new byte[3], List.of());
        ByteBuffer second = p.finish();
        assertEquals(0, p.count());
        second.put(0, (byte) 9);
        assertEquals(9, first.get(0));
    }
}
