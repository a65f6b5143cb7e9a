package io.sinkconnector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;

class PackedTest {
    private static ByteBuffer buffer() {
        return ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] done(ByteBuffer b) {
        byte[] out = new byte[b.position()];
        b.flip();
        b.get(out);
        return out;
    }

    private static ByteBuffer text(ByteBuffer b, String s) {
        byte[] utf8 = Packed.utf8(s);
        return b.putInt(utf8.length).put(utf8);
    }

    @Test
    void aPullResultIsReadAsItIsWritten() {
        ByteBuffer b = buffer().putInt(4);
        text(b, "no token").putLong(3).putLong(9).putInt(1);
        text(b, "orders").putInt(2).putLong(41).putInt(1).putLong(5).putLong(6).putInt(1);
        text(text(b, "record.not.json"), "größer").putInt(1).putInt(30);
        text(b, "warned");
        PullResult r = PullResult.of(done(b));
        assertEquals(4, r.status);
        assertEquals("no token", r.why);
        assertEquals(3, r.backlog);
        assertEquals(9, r.held);
        assertEquals("orders", r.positions.get(0).topic);
        assertEquals(41, r.positions.get(0).offset);
        assertEquals(6, r.deadLetters.get(0).sequence);
        assertEquals("größer", r.deadLetters.get(0).message);
        assertEquals("warned", r.logLines.get(0).message);
    }

    @Test
    void aTruncatedAnswerIsAnErrorThatBlamesTheLibrary() {
        byte[] cut = done(buffer().putInt(0).putInt(50));
        ConnectException e = assertThrows(ConnectException.class, () -> PullResult.of(cut));
        assertEquals("the native library answered with a malformed buffer", e.getMessage());
    }

    @Test
    void aCountLargerThanTheBufferIsRefusedBeforeMemoryIsReserved() {
        byte[] bytes = done(buffer().putInt(Integer.MAX_VALUE));
        assertThrows(ConnectException.class, () -> Packed.read(bytes, in -> in.list(Packed::text)));
    }

    @Test
    void aHistogramIsReadWithItsBuckets() {
        ByteBuffer b = buffer().putInt(1).putInt(2);
        text(text(b, "x_seconds"), "how long").putInt(1);
        text(text(b, "status"), "200").putDouble(2.5).putInt(1).putDouble(1.0).putLong(3).putLong(4);
        Sample s = Sample.of(done(b)).get(0);
        assertTrue(s.histogram());
        assertEquals(2.5, s.value);
        assertArrayEquals(new double[] {1.0}, s.bounds);
        assertArrayEquals(new long[] {3, 4}, s.counts);
        assertEquals(Map.of("status", "200"), s.labels);
    }

    @Test
    void bucketsThatExceedTheBufferAreRefusedBeforeMemoryIsReserved() {
        ByteBuffer b = buffer().putInt(1).putInt(2);
        text(text(b, "x"), "").putInt(0).putDouble(1).putInt(1 << 28);
        byte[] cut = done(b);
        assertThrows(ConnectException.class, () -> Sample.of(cut));
    }
}
