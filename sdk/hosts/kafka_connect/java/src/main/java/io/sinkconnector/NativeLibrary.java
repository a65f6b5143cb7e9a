package io.sinkconnector;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.CodeSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Finds and opens native sink libraries. The bridge itself (libsca_jni.so) is loaded once per class loader, from a copy of its own: the JVM
 * refuses one file in two class loaders, and a worker loads two versions of a plugin, or one again after a restart of its herder.
 */
final class NativeLibrary implements AutoCloseable {
    private static final String BRIDGE = "libsca_jni.so";
    private static final Map<String, Path> EXTRACTED = new HashMap<>();
    private static boolean bridgeLoaded;

    private final long handle;
    private final Path file;

    private NativeLibrary(long handle, Path file) {
        this.handle = handle;
        this.file = file;
    }

    /** fileName: the library to look for where no path is configured, such as libsnapchat_sink.so; null: a path must be configured. */
    static NativeLibrary open(Map<String, String> config, String fileName) {
        loadBridge();
        Path file = locate(config.get(HostKeys.LIBRARY_PATH), System.getenv("SINK_CONNECTOR_LIBRARY_PATH"), fileName);
        try {
            return new NativeLibrary(Bridge.openLibrary(Packed.utf8(file.toString())), file);
        } catch (ConnectException e) {
            throw new ConnectException(LoadFailure.explain(file, e.getMessage()), e);
        }
    }

    long handle() {
        return handle;
    }

    /** The library's connector: by id or alias; null asks for the only one. */
    KeyTable connector(String id) {
        List<KeyTable> tables = KeyTable.of(Bridge.describe(handle));
        for (KeyTable t : tables) if (id == null ? tables.size() == 1 : t.id.equals(id) || t.alias.equals(id)) return t;
        throw new ConnectException(file + (id == null ? " has several connectors: say which with " + HostKeys.CONNECTOR_ID : " has no connector " + id));
    }

    @Override
    public void close() {
        Bridge.closeLibrary(handle);
    }

    static Path locate(String configured, String environment, String fileName) {
        for (String named : new String[] {configured, environment}) {
            if (named == null || named.isEmpty()) continue;
            Path file = Path.of(named);
            if (!Files.isRegularFile(file)) throw new ConnectException("native library " + file + " does not exist (named by "
                + (named.equals(configured) ? HostKeys.LIBRARY_PATH : "SINK_CONNECTOR_LIBRARY_PATH") + ")");
            return file;
        }
        if (fileName == null) throw new ConnectException(HostKeys.LIBRARY_PATH + " is missing: name the native sink library");
        return shipped(fileName);
    }

    /** A file that lies beside the jar, or is inside it and then extracted. */
    private static Path shipped(String fileName) {
        Path beside = jarDirectory().resolve(fileName);
        if (Files.isRegularFile(beside)) return beside;
        return extracted(fileName);
    }

    /** Once per class loader: a copy for every look-up would fill the disk of a worker that is asked to validate all day. */
    private static synchronized Path extracted(String fileName) {
        Path known = EXTRACTED.get(fileName);
        if (known != null && Files.isRegularFile(known)) return known;
        try (InputStream in = NativeLibrary.class.getResourceAsStream("/native/linux-" + LoadFailure.machine() + "/" + fileName)) {
            if (in == null) throw new ConnectException(fileName + " is neither beside the plugin's jar (" + jarDirectory() + ") nor inside it; set " + HostKeys.LIBRARY_PATH);
            Path copy = Files.createTempFile("sink-", "-" + fileName);
            copy.toFile().deleteOnExit();
            Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
            EXTRACTED.put(fileName, copy);
            return copy;
        } catch (IOException e) {
            throw new ConnectException("cannot extract " + fileName + " to " + System.getProperty("java.io.tmpdir") + ": " + e.getMessage(), e);
        }
    }

    private static Path jarDirectory() {
        try {
            CodeSource source = NativeLibrary.class.getProtectionDomain().getCodeSource();
            return Path.of(source.getLocation().toURI()).getParent();
        } catch (URISyntaxException e) {
            throw new ConnectException("cannot find the plugin's own directory", e);
        }
    }

    private static synchronized void loadBridge() {
        if (bridgeLoaded) return;
        Path original = shipped(BRIDGE);
        Path own = null;
        try {
            own = Files.createTempFile("sink-bridge-", ".so");
            Files.copy(original, own, StandardCopyOption.REPLACE_EXISTING);
            System.load(own.toString());
            bridgeLoaded = true;
        } catch (IOException e) {
            throw new ConnectException("cannot copy " + original + " to " + System.getProperty("java.io.tmpdir") + ": " + e.getMessage(), e);
        } catch (UnsatisfiedLinkError e) {
            throw new ConnectException(LoadFailure.explain(original, e.getMessage()), e);
        } finally {
            if (own != null) own.toFile().delete(); // the mapping stays
        }
    }
}
