package io.sinkconnector;

import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.StandardMBean;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the sink's metrics under the same names in every host: through the runtime's PluginMetrics (KIP-877, since 4.1), else as
 * JMX MBeans `io.sinkconnector:type=sink-task,connector=…,task=…,name=…`. Written by the task thread once a second, read by any.
 */
final class TaskMetrics implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TaskMetrics.class);
    private static final long PERIOD_NANOS = 1_000_000_000L;

    private static final String REFUSED = "sink_bridge_records_refused_total";

    /** Where metrics are shown. */
    interface Publisher extends AutoCloseable {
        void add(String name, String help, Map<String, String> labels, DoubleSupplier value) throws ReflectiveOperationException, JMException;

        @Override
        void close();
    }

    private final Publisher publisher;
    private final Map<String, Double> values = new ConcurrentHashMap<>();
    private final Map<String, Long> refusals = new HashMap<>();
    private final Set<String> refused = ConcurrentHashMap.newKeySet();
    private long last = System.nanoTime() - PERIOD_NANOS;

    TaskMetrics(Publisher publisher) {
        this.publisher = publisher;
    }

    static TaskMetrics register(SinkTaskContext context, String connector, int task) {
        Publisher ofRuntime = RuntimeMetrics.of(context);
        return new TaskMetrics(ofRuntime != null ? ofRuntime : new Jmx(connector, task));
    }

    void update(long task) {
        long now = System.nanoTime();
        if (now - last < PERIOD_NANOS) return;
        last = now;
        show(Sample.of(Bridge.metrics(task)));
    }

    /** Counts a record that the bridge refused before the sink saw it. */
    void refused(String code) {
        refusals.merge(code, 1L, Long::sum);
        show(REFUSED, "Records that the bridge refused because they cannot be handed to the sink.", Map.of("code", code), refusals.get(code));
    }

    void show(List<Sample> samples) {
        for (Sample s : samples) {
            if (s.histogram()) showHistogram(s);
            else show(s.name, s.help, s.labels, s.value);
        }
    }

    /** As Prometheus names it: sum, count, and buckets that each include those below. */
    private void showHistogram(Sample s) {
        long below = 0;
        for (int i = 0; i < s.counts.length; i++) {
            below += s.counts[i];
            Map<String, String> labels = new LinkedHashMap<>(s.labels);
            labels.put("le", i < s.bounds.length ? Double.toString(s.bounds[i]) : "+Inf");
            show(s.name + "_bucket", s.help, labels, below);
        }
        show(s.name + "_sum", s.help, s.labels, s.value);
        show(s.name + "_count", s.help, s.labels, below);
    }

    private void show(String name, String help, Map<String, String> labels, double value) {
        String key = name + labels;
        if (values.put(key, value) != null || refused.contains(key)) return;
        try {
            publisher.add(name, help, labels, () -> values.getOrDefault(key, 0.0));
        } catch (ReflectiveOperationException | JMException | RuntimeException e) {
            refused.add(key);
            LOG.warn("metric {} is not shown: {}", key, e.toString());
        }
    }

    @Override
    public void close() {
        publisher.close();
    }

    /** For runtimes before 4.1. */
    static final class Jmx implements Publisher {
        /** Whose bean is registered: a task that was cancelled may end after its successor has taken the names over. */
        private static final Map<ObjectName, Object> REGISTERED = new HashMap<>();
        private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        private final Map<ObjectName, Object> beans = new HashMap<>();
        private final String connector;
        private final int task;

        Jmx(String connector, int task) {
            this.connector = connector;
            this.task = task;
        }

        /** What JMX shows; public because JMX reaches it by reflection. */
        public interface MetricMBean {
            double getValue();
        }

        @Override
        public void add(String name, String help, Map<String, String> labels, DoubleSupplier value) throws JMException {
            Map<String, String> properties = new LinkedHashMap<>();
            properties.put("connector", connector);
            properties.put("task", Integer.toString(task));
            properties.put("name", name);
            properties.putAll(new TreeMap<>(labels));
            StringBuilder text = new StringBuilder("io.sinkconnector:type=sink-task");
            properties.forEach((k, v) -> text.append(',').append(k).append('=').append(ObjectName.quote(v)));
            ObjectName at = new ObjectName(text.toString());
            Object bean = new StandardMBean((MetricMBean) value::getAsDouble, MetricMBean.class);
            synchronized (REGISTERED) {
                if (server.isRegistered(at)) server.unregisterMBean(at); // of a task that was killed
                server.registerMBean(bean, at);
                REGISTERED.put(at, bean);
            }
            beans.put(at, bean);
        }

        @Override
        public void close() {
            synchronized (REGISTERED) {
                beans.forEach((at, bean) -> {
                    if (REGISTERED.remove(at, bean)) unregister(at);
                });
            }
            beans.clear();
        }

        private void unregister(ObjectName at) {
            try {
                server.unregisterMBean(at);
            } catch (JMException e) {
                LOG.debug("{} was gone already", at);
            }
        }
    }
}
