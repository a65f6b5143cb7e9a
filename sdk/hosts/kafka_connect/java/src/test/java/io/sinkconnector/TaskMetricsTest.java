package io.sinkconnector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

class TaskMetricsTest {
    private static byte[] gauge(String name, double value) {
        ByteBuffer b = ByteBuffer.allocate(200).order(ByteOrder.LITTLE_ENDIAN);
        byte[] utf8 = Packed.utf8(name);
        b.putInt(1).putInt(0).putInt(utf8.length).put(utf8).putInt(0).putInt(0).putDouble(value).putInt(0);
        return Arrays.copyOf(b.array(), b.position());
    }

    @Test
    void withoutARuntimeThatHasPluginMetricsTheyAreMBeans() throws Exception {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        ObjectName at = new ObjectName("io.sinkconnector:type=sink-task,connector=\"orders\",task=\"1\",name=\"snapchat_sink_in_flight_requests\"");
        try (TaskMetrics metrics = new TaskMetrics(new TaskMetrics.Jmx("orders", 1))) {
            metrics.show(Sample.of(gauge("snapchat_sink_in_flight_requests", 2)));
            metrics.show(Sample.of(gauge("snapchat_sink_in_flight_requests", 3)));
            assertTrue(server.isRegistered(at));
            assertEquals(3.0, server.getAttribute(at, "Value"));
        }
        assertFalse(server.isRegistered(at));
    }
}
