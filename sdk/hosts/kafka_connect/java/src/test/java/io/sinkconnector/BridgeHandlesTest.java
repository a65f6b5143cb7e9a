package io.sinkconnector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;

/** What the native side makes of calls that no correct task makes: errors, never a crash. */
class BridgeHandlesTest {
    private static final Map<String, String> CONFIG = Map.of("native.library.path", Libraries.scripted().toString(), "script.must", "x");

    private static long create(NativeLibrary library) {
        return Bridge.createTask(library.handle(), Packed.utf8("ScriptedSink"), Packed.utf8("n"), 0, Packed.utf8("1"), 20, HostKeys.forLibrary(CONFIG));
    }

    private static void stale(Runnable call) {
        assertEquals("native task handle is closed or was never open", assertThrows(ConnectException.class, call::run).getMessage());
    }

    @Test
    void everyCallOfADestroyedTaskIsAnErrorAlsoWhenItsSlotIsUsedAgain() {
        try (NativeLibrary library = NativeLibrary.open(CONFIG, null)) {
            long gone = create(library);
            Bridge.destroyTask(gone);
            long successor = create(library);
            byte[] topic = Packed.utf8("t");
            stale(() -> Bridge.startTask(gone));
            stale(() -> Bridge.open(gone, topic, 0));
            stale(() -> Bridge.close(gone, topic, 0));
            stale(() -> Bridge.put(gone, ByteBuffer.allocateDirect(8), 8));
            stale(() -> Bridge.pull(gone));
            stale(() -> Bridge.metrics(gone));
            stale(() -> Bridge.settled(gone, 1, 1));
            stale(() -> Bridge.idle(gone, topic, 0));
            stale(() -> Bridge.logLevel(gone, 10));
            stale(() -> Bridge.flush(gone, 0));
            stale(() -> Bridge.stopTask(gone));
            Bridge.destroyTask(gone); // twice is once, and not the successor's end
            Bridge.startTask(successor);
            Bridge.destroyTask(successor);
        }
    }

    @Test
    void aNumberThatWasNeverAHandleIsAnError() {
        NativeLibrary.open(CONFIG, null).close(); // the bridge is loaded
        Random random = new Random(7);
        for (int i = 0; i < 1000; i++) {
            long invented = i < 2 ? -i : random.nextLong() | 1L << 62;
            stale(() -> Bridge.pull(invented));
            assertThrows(ConnectException.class, () -> Bridge.describe(invented));
        }
    }

    @Test
    void aLibraryThatIsClosedStaysLoadedForItsTasks() {
        NativeLibrary library = NativeLibrary.open(CONFIG, null);
        long task = create(library);
        library.close();
        Bridge.startTask(task);
        assertEquals(0, PullResult.of(Bridge.pull(task)).status);
        Bridge.stopTask(task);
        Bridge.destroyTask(task);
        assertThrows(ConnectException.class, () -> create(library));
    }

    @Test
    void aBufferThatIsMalformedOrNotDirectOrTooShortIsAnError() {
        try (NativeLibrary library = NativeLibrary.open(CONFIG, null)) {
            long task = create(library);
            Bridge.startTask(task);
            assertThrows(ConnectException.class, () -> Bridge.put(task, ByteBuffer.allocateDirect(64), 64));
            assertThrows(ConnectException.class, () -> Bridge.put(task, ByteBuffer.allocateDirect(64), 65));
            assertThrows(ConnectException.class, () -> Bridge.put(task, ByteBuffer.allocateDirect(64), -1));
            assertThrows(ConnectException.class, () -> Bridge.put(task, ByteBuffer.allocate(64), 64));
            assertThrows(ConnectException.class, () -> Bridge.put(task, null, 0));
            Bridge.destroyTask(task);
        }
    }

    @Test
    void aTaskThatIsDestroyedOnOneThreadWhileOthersCallItIsAnErrorForThem() throws Exception {
        try (NativeLibrary library = NativeLibrary.open(CONFIG, null)) {
            ExecutorService threads = Executors.newFixedThreadPool(3);
            for (int round = 0; round < 100; round++) {
                long task = create(library);
                List<Future<?>> calls = new ArrayList<>();
                for (int t = 0; t < 2; t++) calls.add(threads.submit(() -> {
                    for (int i = 0; i < 200; i++) Bridge.logLevel(task, i);
                }));
                calls.add(threads.submit(() -> Bridge.destroyTask(task)));
                for (Future<?> c : calls) {
                    try {
                        c.get(30, TimeUnit.SECONDS);
                    } catch (java.util.concurrent.ExecutionException e) {
                        assertTrue(e.getCause() instanceof ConnectException, e.toString());
                    }
                }
            }
            threads.shutdown();
            assertTrue(threads.awaitTermination(30, TimeUnit.SECONDS));
        }
    }

    @Test
    void aLibraryMayBeOpenedAgainAndAgain() {
        byte[] first = null;
        for (int i = 0; i < 200; i++) {
            try (NativeLibrary library = NativeLibrary.open(CONFIG, null)) {
                byte[] described = Bridge.describe(library.handle());
                if (first != null) assertArrayEquals(first, described);
                first = described;
            }
        }
    }
}
