package io.sinkconnector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.sink.SinkConnector;
import org.junit.jupiter.api.Test;

/** Kafka Connect gives every plugin directory a class loader of its own; two versions may run side by side (KIP-891). */
class TwoClassLoadersTest {
    /** Child first for the plugin's classes, as Connect's PluginClassLoader. */
    private static final class Plugin extends URLClassLoader {
        Plugin() {
            super(new URL[] {NativeSinkConnector.class.getProtectionDomain().getCodeSource().getLocation()}, TwoClassLoadersTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                if (!name.startsWith("io.sinkconnector.")) return super.loadClass(name, resolve);
                Class<?> loaded = findLoadedClass(name);
                return loaded != null ? loaded : findClass(name);
            }
        }
    }

    private static SinkConnector connector(ClassLoader plugin) throws ReflectiveOperationException {
        return (SinkConnector) plugin.loadClass("io.sinkconnector.snapchat.SnapchatSinkConnector").getDeclaredConstructor().newInstance();
    }

    private static void works(SinkConnector connector) {
        ConfigDef keys = connector.config();
        assertEquals(ConfigDef.Type.PASSWORD, keys.configKeys().get("snapchat.access.token").type);
    }

    @Test
    void theBridgeLoadsInTwoOfThemAtOnceAndAgainAfterOneIsGone() throws Exception {
        try (Plugin one = new Plugin(); Plugin two = new Plugin()) {
            assertNotSame(connector(one).getClass(), connector(two).getClass());
            works(connector(one));
            works(connector(two));
            works(connector(one));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        try (Plugin three = new Plugin()) {
            works(connector(three));
        }
    }
}
