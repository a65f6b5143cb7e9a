package io.sinkconnector;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.connect.errors.ConnectException;

/** Reads what the native side packs (native/packed.hpp, "answers"). */
final class Packed {
    private final ByteBuffer in;

    Packed(byte[] bytes) {
        in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    int number32() {
        return in.getInt();
    }

    long number64() {
        return in.getLong();
    }

    double real() {
        return in.getDouble();
    }

    String text() {
        int size = in.getInt();
        if (size < 0 || size > in.remaining()) throw new BufferUnderflowException();
        String out = new String(in.array(), in.arrayOffset() + in.position(), size, StandardCharsets.UTF_8);
        in.position(in.position() + size);
        return out;
    }

    /** The number of things that follow, each at least so many bytes long: checked before memory is reserved for them. */
    int count(int leastBytes) {
        int count = in.getInt();
        if (count < 0 || count > in.remaining() / leastBytes) throw new BufferUnderflowException();
        return count;
    }

    <T> List<T> list(Function<Packed, T> item) {
        int count = count(1);
        List<T> out = new ArrayList<>(count);
        for (int i = 0; i < count; i++) out.add(item.apply(this));
        return out;
    }

    /** Reads a whole answer; a malformed one is a defect of the native library and says so. */
    static <T> T read(byte[] bytes, Function<Packed, T> what) {
        try {
            return what.apply(new Packed(bytes));
        } catch (BufferUnderflowException e) {
            throw new ConnectException("the native library answered with a malformed buffer", e);
        }
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
