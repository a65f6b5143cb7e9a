package io.sinkconnector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HostKeysTest {
    @Test
    void theHostsKeysAreKeptFromTheLibrary() {
        for (String key : new String[] {"name", "connector.class", "topics", "topics.regex", "tasks.max", "value.converter.schemas.enable",
            "transforms.route.type", "errors.tolerance", "consumer.override.max.poll.records", "native.library.path"}) assertTrue(HostKeys.isHostKey(key), key);
        for (String key : new String[] {"snapchat.pixel.id", "mapping.preset", "topicsx", "batch.max.events"}) assertFalse(HostKeys.isHostKey(key), key);
    }

    @Test
    void keysWithoutAValueAreLeftOut() {
        Map<String, String> config = new HashMap<>(Map.of("name", "n", "a", "1"));
        config.put("b", null);
        byte[][] packed = HostKeys.forLibrary(config);
        assertEquals(2, packed.length);
        assertEquals("a", new String(packed[0], StandardCharsets.UTF_8));
    }
}
