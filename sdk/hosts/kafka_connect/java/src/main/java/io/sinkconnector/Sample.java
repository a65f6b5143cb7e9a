package io.sinkconnector;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One metric of the sink, as Bridge.metrics brings it; the names are those that sink-host serves to Prometheus. */
final class Sample {
    private static final int HISTOGRAM = 2; // SCA_METRIC_HISTOGRAM
    private final int kind;
    final String name;
    final String help;
    final Map<String, String> labels = new LinkedHashMap<>();
    /** Of a histogram: the sum. */
    final double value;
    /** Of a histogram: ascending upper bounds, and how many values lie in each bucket alone; one bucket more, above all bounds. */
    final double[] bounds;
    final long[] counts;

    private Sample(Packed in) {
        kind = in.number32();
        name = in.text();
        help = in.text();
        int labelCount = in.number32();
        for (int i = 0; i < labelCount; i++) {
            String key = in.text();
            labels.put(key, in.text());
        }
        value = in.real();
        bounds = new double[in.count(Double.BYTES)];
        for (int i = 0; i < bounds.length; i++) bounds[i] = in.real();
        counts = new long[bounds.length == 0 ? 0 : bounds.length + 1];
        for (int i = 0; i < counts.length; i++) counts[i] = in.number64();
    }

    static List<Sample> of(byte[] packed) {
        return Packed.read(packed, in -> in.list(Sample::new));
    }

    boolean histogram() {
        return kind == HISTOGRAM;
    }
}
