package io.sinkconnector;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A sink connector whose work is done by any native library with the sink-connector C ABI. Which library and which of its connectors:
 * native.library.path and native.connector.id, or a subclass that says both. The library is the only judge of its configuration.
 */
public class NativeSinkConnector extends SinkConnector {
    private static final Logger LOG = LoggerFactory.getLogger(NativeSinkConnector.class);
    private static final int WARNING = 1; // SCA_ISSUE_WARNING
    private Map<String, String> config = Map.of();

    /** File name of the library beside the jar; null: it must be configured. */
    protected String libraryFileName() {
        return null;
    }

    /** Id of the library's connector; null: configured, or the only one. */
    protected String connectorId() {
        return null;
    }

    @Override
    public String version() {
        return ownVersion();
    }

    static String ownVersion() {
        try (InputStream in = NativeSinkConnector.class.getResourceAsStream("version.properties")) {
            Properties p = new Properties();
            if (in != null) p.load(in);
            return p.getProperty("version", "unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }

    /** Asked for before there is a configuration: where no library is found without one, only the bridge's own keys can be shown. */
    @Override
    public ConfigDef config() {
        try (NativeLibrary library = NativeLibrary.open(Map.of(), libraryFileName())) {
            return library.connector(connectorId()).define(HostKeys.define());
        } catch (ConnectException e) { // validate, which Connect asks next, says it where forms show it
            LOG.debug("no key table without a configuration: {}", e.getMessage());
            return HostKeys.define();
        }
    }

    @Override
    public Config validate(Map<String, String> proposed) {
        Map<String, ConfigValue> values = new LinkedHashMap<>();
        try (NativeLibrary library = NativeLibrary.open(proposed, libraryFileName())) {
            KeyTable table = library.connector(idIn(proposed));
            for (ConfigValue v : table.define(HostKeys.define()).validate(proposed)) values.put(v.name(), v);
            // What ConfigDef itself found about the library's keys is said again, better, by the library.
            for (KeyTable.Key k : table.keys) values.computeIfPresent(k.name, (n, v) -> new ConfigValue(n, v.value(), v.recommendedValues(), new ArrayList<>()));
            byte[] issues = Bridge.validate(library.handle(), Packed.utf8(table.id), HostKeys.forLibrary(proposed));
            for (Issue i : Packed.read(issues, in -> in.list(Issue::new))) {
                if (i.severity == WARNING) continue; // ConfigInfos has no place for warnings; the task logs them
                values.computeIfAbsent(i.key, n -> new ConfigValue(n, null, new ArrayList<>(), new ArrayList<>())).addErrorMessage(i.message);
            }
        } catch (ConnectException e) {
            for (ConfigValue v : HostKeys.define().validate(proposed)) values.putIfAbsent(v.name(), v);
            values.get(HostKeys.LIBRARY_PATH).addErrorMessage(e.getMessage());
        }
        return new Config(new ArrayList<>(values.values()));
    }

    private String idIn(Map<String, String> proposed) {
        return connectorId() != null ? connectorId() : proposed.get(HostKeys.CONNECTOR_ID);
    }

    private static final class Issue {
        final int severity;
        final String key;
        final String message;

        Issue(Packed in) {
            severity = in.number32();
            key = in.text();
            in.text(); // the code, for machines that read the ABI
            message = in.text();
        }
    }

    @Override
    public void start(Map<String, String> props) {
        config = new HashMap<>(props);
        try (NativeLibrary library = NativeLibrary.open(config, libraryFileName())) {
            library.connector(idIn(config)); // a library that cannot run fails the connector here, with its reason
        }
    }

    @Override
    public Class<? extends Task> taskClass() {
        return NativeSinkTask.class;
    }

    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        List<Map<String, String>> out = new ArrayList<>();
        for (int i = 0; i < maxTasks; i++) {
            Map<String, String> task = new HashMap<>(config);
            task.put(HostKeys.TASK_NUMBER, Integer.toString(i));
            if (connectorId() != null) task.put(HostKeys.CONNECTOR_ID, connectorId());
            if (libraryFileName() != null) task.put(NativeSinkTask.LIBRARY_FILE_NAME, libraryFileName());
            out.add(task);
        }
        return out;
    }

    @Override
    public void stop() {
        config = Map.of();
    }

    /** Offsets are Kafka's own consumer group's; nothing is kept elsewhere, so any change is fine. */
    @Override
    public boolean alterOffsets(Map<String, String> connectorConfig, Map<TopicPartition, Long> offsets) {
        return true;
    }
}
