package io.sinkconnector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sinkconnector.snapchat.SnapchatSinkConnector;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;
import org.junit.jupiter.api.Test;

/** The configuration as Connect and its forms see it, from the real key table of the Snapchat sink. */
class NativeSinkConnectorTest {
    private static final String SECRET = "tok-5ecret";
    private final SnapchatSinkConnector connector = new SnapchatSinkConnector();
    private final Map<String, ConfigDef.ConfigKey> keys = connector.config().configKeys();

    private static Map<String, String> good(String... changes) {
        Map<String, String> out = new HashMap<>(Map.of("name", "x", "topics", "orders", "snapchat.access.token", SECRET,
            "snapchat.pixel.id", "11111111-2222-4333-8444-555555555555"));
        for (int i = 0; i < changes.length; i += 2) out.put(changes[i], changes[i + 1]);
        return out;
    }

    private Map<String, List<String>> errors(Map<String, String> config) {
        return connector.validate(config).configValues().stream().filter(v -> !v.errorMessages().isEmpty())
            .collect(Collectors.toMap(ConfigValue::name, ConfigValue::errorMessages));
    }

    @Test
    void everyKeyOfTheTableHasTypeGroupOrderAndDocumentation() {
        assertTrue(keys.size() > 40);
        for (ConfigDef.ConfigKey k : keys.values()) {
            assertFalse(k.documentation.isEmpty(), k.name);
            assertFalse(k.group.isEmpty(), k.name);
            assertTrue(k.orderInGroup > 0, k.name);
            assertFalse(k.displayName.isEmpty(), k.name);
        }
        assertEquals(ConfigDef.Type.LONG, keys.get("batch.max.events").type);
        assertEquals(2000L, keys.get("batch.max.events").defaultValue);
        assertEquals(ConfigDef.Importance.HIGH, keys.get("snapchat.pixel.id").importance);
    }

    @Test
    void rangesAndChoicesAreValidatorsThatDocumentationCanShow() {
        assertEquals("[1,...,2000]", keys.get("batch.max.events").validator.toString());
        assertEquals("[off, validate]", keys.get("snapchat.test.mode").validator.toString());
        assertTrue(new ConfigDef(connector.config()).toEnrichedRst().contains("[1,...,2000]"));
    }

    @Test
    void theDependentsOfAKeyAreThoseThatQualifyIt() {
        assertTrue(keys.get("consent.field").dependents.containsAll(List.of("consent.granted.values", "consent.denied")));
        assertEquals(List.of("snapchat.access.token.file"), keys.get("snapchat.access.token").dependents);
        assertTrue(keys.get("privacy.limited.use").dependents.containsAll(List.of("privacy.limited.use.values", "privacy.limited.use.token")));
        assertEquals(List.of(), keys.get("batch.linger.ms").dependents);
        for (ConfigDef.ConfigKey k : keys.values()) for (String d : k.dependents) assertNotNull(keys.get(d), k.name + " has an unknown dependent " + d);
    }

    @Test
    void choicesAreRecommendedToForms() {
        assertEquals(List.of("off", "validate"), keys.get("snapchat.test.mode").recommender.validValues("snapchat.test.mode", Map.of()));
    }

    /** Every bound and choice of the table: the definition's own validator and the library refuse the same values in the same words. */
    @Test
    void theValidatorsAndTheLibraryAgreeOverTheWholeTable() {
        int compared = 0;
        try (NativeLibrary library = NativeLibrary.open(Map.of(), "libsnapchat_sink.so")) {
            for (KeyTable.Key k : library.connector(null).keys) {
                if (k.family()) continue;
                for (String value : probes(k)) {
                    List<String> own = ownVerdict(keys.get(k.name), value);
                    List<String> librarys = errors(good(k.name, value)).getOrDefault(k.name, List.of());
                    if (!own.isEmpty()) assertEquals(own, librarys, k.name + "=" + value);
                    else assertFalse(librarys.stream().anyMatch(m -> m.contains("is outside") || m.contains("is not one of")), k.name + "=" + value + ": " + librarys);
                    compared++;
                }
            }
        }
        assertTrue(compared > 60, "only " + compared);
    }

    private static List<String> probes(KeyTable.Key k) {
        List<String> out = new ArrayList<>(k.validValues);
        if (!k.validValues.isEmpty()) out.add("no-such-choice");
        if (k.ranged()) for (double v : new double[] {k.min - 1, k.min, k.max, k.max + 1}) out.add(Long.toString((long) v));
        return out;
    }

    private static List<String> ownVerdict(ConfigDef.ConfigKey key, String value) {
        try {
            key.validator.ensureValid(key.name, ConfigDef.parseType(key.name, value, key.type));
            return List.of();
        } catch (ConfigException e) {
            return List.of(e.getMessage());
        }
    }

    @Test
    void aGoodConfigurationHasNoErrors() {
        assertEquals(Map.of(), errors(good()));
    }

    @Test
    void everyExampleIsAGoodConfiguration() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of(System.getProperty("sink.test.examples")), "*.json")) {
            int seen = 0;
            for (Path file : files) {
                Map<String, String> config = new HashMap<>();
                new ObjectMapper().readTree(Files.readString(file)).get("config").fields().forEachRemaining(f -> config.put(f.getKey(), resolved(f.getValue().asText())));
                assertEquals(Map.of(), errors(config), file.toString());
                seen++;
            }
            assertTrue(seen >= 2, "only " + seen);
        }
    }

    /** The worker resolves references before it asks a connector to validate. */
    private static String resolved(String value) {
        return value.startsWith("${") ? "from-a-provider" : value;
    }

    @Test
    void theLibrarysWordsReplaceConfigDefsOwn() {
        assertEquals(List.of("\"many\" is not a whole decimal number of 64 bits"), errors(good("batch.max.events", "many")).get("batch.max.events"));
    }

    @Test
    void unknownKeysRulesAcrossKeysAndFamiliesAreReportedUnderTheirKeys() {
        Map<String, String> config = good("batch.max.event", "1", "asset.route", "$.brand", "asset.a.pixel.id", "not-a-uuid");
        config.remove("snapchat.access.token");
        Map<String, List<String>> errors = errors(config);
        assertTrue(errors.get("batch.max.event").get(0).contains("did you mean batch.max.events?"), errors.toString());
        assertTrue(errors.containsKey("asset.a.pixel.id"), errors.toString());
        assertTrue(errors.containsKey("snapchat.access.token"), errors.toString());
    }

    @Test
    void aSecretShowsInNoValueAndNoMessage() {
        for (ConfigValue v : connector.validate(good("snapchat.access.token.file", "/also", "batch.max.events", "0")).configValues())
            assertFalse((v.value() + " " + v.errorMessages()).contains(SECRET), v.name());
    }

    @Test
    void aConnectorWithoutALibraryOfItsOwnShowsTheBridgesKeysAndJudgesByTheConfiguredLibrary() {
        NativeSinkConnector generic = new NativeSinkConnector();
        assertTrue(generic.config().configKeys().containsKey("native.library.path"));
        Map<String, List<String>> errors = generic.validate(Map.of("native.library.path", Libraries.scripted().toString(), "script.capacity", "0")).configValues().stream()
            .filter(v -> !v.errorMessages().isEmpty()).collect(Collectors.toMap(ConfigValue::name, ConfigValue::errorMessages));
        assertEquals(List.of("\"0\" is outside 1 to 1000000"), errors.get("script.capacity"));
        assertTrue(errors.containsKey("script.must"), errors.toString());
    }

    @Test
    void aDeprecatedKeySaysWhatReplacesIt() {
        try (NativeLibrary library = NativeLibrary.open(Map.of("native.library.path", Libraries.scripted().toString()), null)) {
            assertEquals("Has no effect. Deprecated: use script.capacity instead.", library.connector(null).define(new ConfigDef()).configKeys().get("script.old").documentation);
        }
    }

    @Test
    void everyTaskIsToldItsNumberAndItsLibrary() {
        connector.start(good());
        List<Map<String, String>> tasks = connector.taskConfigs(3);
        assertEquals(List.of("0", "1", "2"), tasks.stream().map(t -> t.get("native.task.number")).collect(Collectors.toList()));
        assertEquals("libsnapchat_sink.so", tasks.get(0).get("native.library.file.name"));
        assertEquals(SECRET, tasks.get(0).get("snapchat.access.token"));
    }

    @Test
    void offsetsMayBeAlteredForKafkaKeepsThem() {
        assertTrue(connector.alterOffsets(Map.of(), Map.of()));
    }
}
