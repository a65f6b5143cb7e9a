package io.sinkconnector;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.CodeSource;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Finds and opens native sink libraries. The bridge itself (libsca_jni.so) is loaded once per class loader, from a copy of its own: the JVM
 * refuses one file in two class loaders, and a worker loads two versions of a plugin, or one again after a restart of its herder.
 */
final class NativeLibrary implements AutoCloseable {
    private static final String BRIDGE = "libsca_jni.so";
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
            throw new ConnectException(explain(file, e.getMessage()), e);
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

    private static Path extracted(String fileName) {
        try (InputStream in = NativeLibrary.class.getResourceAsStream("/native/linux-x86_64/" + fileName)) {
            if (in == null) throw new ConnectException(fileName + " is neither beside the plugin's jar (" + jarDirectory() + ") nor inside it; set " + HostKeys.LIBRARY_PATH);
            Path copy = Files.createTempFile("sink-", "-" + fileName);
            copy.toFile().deleteOnExit();
            Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
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
        Path own = null;
        try {
            own = Files.createTempFile("sink-bridge-", ".so");
            Files.copy(shipped(BRIDGE), own, StandardCopyOption.REPLACE_EXISTING);
            System.load(own.toString());
            bridgeLoaded = true;
        } catch (IOException e) {
            throw new ConnectException("cannot copy " + BRIDGE + " to " + System.getProperty("java.io.tmpdir") + ": " + e.getMessage(), e);
        } catch (UnsatisfiedLinkError e) {
            throw new ConnectException(explain(own, e.getMessage()), e);
        } finally {
            if (own != null) own.toFile().delete(); // the mapping stays
        }
    }

    /** Adds to the loader's own words what a person can do about it. */
    static String explain(Path file, String reason) {
        String text = "native library " + file + " cannot be used: " + reason;
        if (reason == null) return text;
        if (reason.contains("GLIBC_")) return text + " - this system's glibc is too old for the library";
        if (reason.contains("GLIBCXX_") || reason.contains("libstdc++")) return text + " - install libstdc++ 6 of GCC 12 or later";
        if (reason.contains("libssl") || reason.contains("libcrypto") || reason.contains("OPENSSL_")) return text + " - install OpenSSL 3";
        if (reason.contains("libutf8proc")) return text + " - install libutf8proc2";
        if (reason.contains("wrong ELF class") || reason.contains("cannot open shared object file: No such file") && reason.contains("ld-"))
            return text + " - it was built for another architecture than this " + System.getProperty("os.arch");
        if (reason.contains("failed to map segment") || reason.contains("Operation not permitted"))
            return text + " - is " + System.getProperty("java.io.tmpdir") + " mounted noexec? set -Djava.io.tmpdir";
        return text;
    }
}
