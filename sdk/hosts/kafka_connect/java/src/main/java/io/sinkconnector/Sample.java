package io.sinkconnector;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One metric of the sink, as Bridge.metrics brings it; the names are those that sink-host serves to Prometheus. */
final class Sample {
    final int kind;
    final String name;
    final String help;
    final Map<String, String> labels = new LinkedHashMap<>();
    /** Of a histogram: the sum. */
    final double value;
    /** Of a histogram: how many values; 0 otherwise. */
    final long count;

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
        int bounds = in.number32();
        for (int i = 0; i < bounds; i++) in.real();
        long sum = 0;
        for (int i = 0; i <= bounds && bounds > 0; i++) sum += in.number64();
        count = sum;
    }

    static List<Sample> of(byte[] packed) {
        return Packed.read(packed, in -> in.list(Sample::new));
    }

    /** Name and labels in one text: what tells one metric from another. */
    String key() {
        return name + labels;
    }
}
