package io.daybook.query.stream;

import io.daybook.query.store.Books;
import io.daybook.query.store.Notices;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import tools.jackson.databind.json.JsonMapper;

/** Live streams. */
@Configuration(proxyBeanMethods = false)
@Import(StreamController.class)
public class QueryStreamConfiguration {

    /** The most connections beside those of listeners: as many as Tomcat takes by itself. */
    private static final int OTHER_CONNECTIONS = 8_192;

    /** The most connections that wait to be accepted: thousands of listeners come back at once when a node has gone. */
    private static final int CONNECTING = 1_024;

    /** How long a client may take nothing of what is sent to it, or send nothing of what it began, in milliseconds. */
    private static final int STUCK_MS = 20_000;

    /** How long a connection is kept for another request, in milliseconds. */
    private static final int KEEP_ALIVE_MS = 60_000;

    @Bean
    LedgerHistory queryLedgerHistory(Books books, JsonMapper json) {
        return new LedgerHistory(books, json);
    }

    @Bean
    LedgerStreams queryLedgerStreams(LedgerHistory history, Notices notices) {
        return new LedgerStreams(history, notices);
    }

    /** Listeners never take the connections of other queries, and one that is stuck is noticed. */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> queryStreamConnections() {
        return tomcat -> tomcat.addConnectorCustomizers(connector -> {
            connector.setProperty("maxConnections", Integer.toString(LedgerStreams.MAX_LISTENERS + OTHER_CONNECTIONS));
            connector.setProperty("acceptCount", Integer.toString(CONNECTING));
            connector.setProperty("connectionTimeout", Integer.toString(STUCK_MS));
            connector.setProperty("keepAliveTimeout", Integer.toString(KEEP_ALIVE_MS));
        });
    }
}
