package io.daybook.services.elasticsearch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.node.InternalSettingsPreparer;
import org.elasticsearch.node.Node;
import org.elasticsearch.plugins.PluginsLoader;

/**
 * A single Elasticsearch node in a process of its own. Its one argument is its home, where {@code config/} and
 * {@code modules/} are and {@code data/} will be. It ends in order on SIGTERM.
 */
public final class ElasticsearchNode {

    private static final String NAME = "daybook";
    private static final long STOP_TIMEOUT_SECONDS = 15;

    private ElasticsearchNode() {}

    public static void main(String[] arguments) throws Exception {
        Path home = Path.of(arguments[0]).toAbsolutePath();
        Environment environment = InternalSettingsPreparer.prepareEnvironment(
                Settings.builder().put("path.home", home.toString()).build(),
                Map.of(),
                home.resolve("config"),
                () -> NAME);
        LogConfigurator.setNodeName(NAME);
        LogConfigurator.configure(environment, true);
        Node node = new Node(
                environment,
                PluginsLoader.createPluginsLoader(
                        PluginsLoader.loadModulesBundles(environment.modulesDir(), false),
                        PluginsLoader.loadPluginsBundles(environment.pluginsDir(), false),
                        Map.of(),
                        false));
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(node, stopped), "stop"));
        node.start();
        stopped.await();
    }

    private static void stop(Node node, CountDownLatch stopped) {
        try {
            node.close();
            node.awaitClose(STOP_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (IOException | InterruptedException e) {
            System.err.println("the node did not stop in order: " + e);
        } finally {
            stopped.countDown();
        }
    }
}
