package io.sinkconnector;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.MetricValueProvider;
import org.apache.kafka.connect.sink.SinkTaskContext;

/** PluginMetrics of KIP-877 (Kafka 4.1 and later), reached by reflection because this is compiled against 3.9. */
final class RuntimeMetrics implements TaskMetrics.Publisher {
    private final Object metrics;
    private final Method metricName;
    private final Method addMetric;
    private final Method removeMetric;
    private final List<MetricName> added = new ArrayList<>();

    private RuntimeMetrics(Object metrics) throws ReflectiveOperationException {
        Class<?> type = Class.forName("org.apache.kafka.common.metrics.PluginMetrics");
        this.metrics = metrics;
        metricName = type.getMethod("metricName", String.class, String.class, LinkedHashMap.class);
        addMetric = type.getMethod("addMetric", MetricName.class, MetricValueProvider.class);
        removeMetric = type.getMethod("removeMetric", MetricName.class);
    }

    /** null: this runtime has none. */
    static RuntimeMetrics of(SinkTaskContext context) {
        try {
            Object metrics = SinkTaskContext.class.getMethod("pluginMetrics").invoke(context);
            return metrics == null ? null : new RuntimeMetrics(metrics);
        } catch (ReflectiveOperationException | LinkageError e) {
            return null;
        }
    }

    @Override
    public void add(String name, String help, Map<String, String> labels, DoubleSupplier value) throws ReflectiveOperationException {
        MetricName at = (MetricName) metricName.invoke(metrics, name, help, new LinkedHashMap<>(labels));
        Gauge<Double> gauge = (config, now) -> value.getAsDouble();
        addMetric.invoke(metrics, at, gauge);
        added.add(at);
    }

    @Override
    public void close() {
        for (MetricName at : added) {
            try {
                removeMetric.invoke(metrics, at);
            } catch (IllegalAccessException | InvocationTargetException e) {
                continue; // the runtime removes a closed task's metrics itself
            }
        }
        added.clear();
    }
}
