package io.sinkconnector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;
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

    @Test
    void aTaskThatEndsLateLeavesTheMBeansOfItsSuccessor() throws Exception {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        ObjectName at = new ObjectName("io.sinkconnector:type=sink-task,connector=\"late\",task=\"0\",name=\"m\"");
        TaskMetrics cancelled = new TaskMetrics(new TaskMetrics.Jmx("late", 0));
        cancelled.show(Sample.of(gauge("m", 1)));
        try (TaskMetrics fresh = new TaskMetrics(new TaskMetrics.Jmx("late", 0))) {
            fresh.show(Sample.of(gauge("m", 2)));
            cancelled.close();
            assertTrue(server.isRegistered(at));
            assertEquals(2.0, server.getAttribute(at, "Value"));
        }
        assertFalse(server.isRegistered(at));
    }

    @Test
    void aHistogramIsShownAsPrometheusNamesIt() throws Exception {
        ByteBuffer b = ByteBuffer.allocate(200).order(ByteOrder.LITTLE_ENDIAN);
        b.putInt(1).putInt(2).putInt(1).put((byte) 'h').putInt(0).putInt(0).putDouble(7.5).putInt(2).putDouble(0.5).putDouble(1).putLong(3).putLong(4).putLong(5);
        Map<String, Double> shown = new TreeMap<>();
        Map<String, DoubleSupplier> values = new TreeMap<>();
        try (TaskMetrics metrics = new TaskMetrics(recorder(values))) {
            metrics.show(Sample.of(Arrays.copyOf(b.array(), b.position())));
            values.forEach((k, v) -> shown.put(k, v.getAsDouble()));
        }
        assertEquals(Map.of("h_bucket{le=0.5}", 3.0, "h_bucket{le=1.0}", 7.0, "h_bucket{le=+Inf}", 12.0, "h_sum{}", 7.5, "h_count{}", 12.0), shown);
    }

    @Test
    void recordsThatTheBridgeRefusesAreCountedByTheirCode() {
        Map<String, DoubleSupplier> values = new TreeMap<>();
        try (TaskMetrics metrics = new TaskMetrics(recorder(values))) {
            metrics.refused("a");
            metrics.refused("a");
        }
        assertEquals(2.0, values.get("sink_bridge_records_refused_total{code=a}").getAsDouble());
    }

    private static TaskMetrics.Publisher recorder(Map<String, DoubleSupplier> into) {
        return new TaskMetrics.Publisher() {
            @Override
            public void add(String name, String help, Map<String, String> labels, DoubleSupplier value) {
                into.put(name + labels, value);
            }

            @Override
            public void close() {}
        };
    }
}
