package io.sinkconnector;

import java.nio.ByteBuffer;

/**
 * The native functions, see native/bridge.cpp. Errors arrive as ConnectException. Handles are numbers that the native side checks: a
 * stale one is an error, never a crash. Texts are UTF-8. Calls for one task come one at a time; native threads never call Java.
 */
final class Bridge {
    private Bridge() {}

    static native long openLibrary(byte[] file);

    static native void closeLibrary(long library);

    static native byte[] describe(long library);

    /** config: key, value, key, value … */
    static native byte[] validate(long library, byte[] connector, byte[][] config);

    static native long createTask(long library, byte[] connector, byte[] name, int task, byte[] hostVersion, int logLevel,
        byte[][] config);

    static native void startTask(long task);

    static native void open(long task, byte[] topic, int partition);

    static native void close(long task, byte[] topic, int partition);

    /** The first size bytes of a direct buffer, as RecordPacker writes them; copied before the call returns. */
    static native void put(long task, ByteBuffer records, int size);

    /** Lets the sink report, and brings what has happened since the last pull; see PullResult. */
    static native byte[] pull(long task);

    static native byte[] metrics(long task);

    /** durable: 1 the dead letter is safe, 0 it could not be written. */
    static native void settled(long task, long ticket, int durable);

    /** 1 when every record handed over of the partition has passed. */
    static native int idle(long task, byte[] topic, int partition);

    static native void logLevel(long task, int level);

    static native void flush(long task, int timeoutMs);

    static native void stopTask(long task);

    static native void destroyTask(long task);
}
