package io.daybook.command;

import io.daybook.services.SharedServices;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/** The command side alone on real services, and a client of it. It can be stopped and started on the same stores. */
public final class CommandServer implements AutoCloseable {

    private final SharedServices.Isolated services;
    private final Map<String, Object> properties;
    private final HttpClient http = HttpClient.newHttpClient();
    private ConfigurableApplicationContext application;

    /**
     * @param settings names and values, in turns, beside those of the services
     */
    public static CommandServer with(String... settings) {
        CommandServer server = new CommandServer(SharedServices.get().isolated());
        for (int i = 0; i < settings.length; i += 2) {
            server.properties.put(settings[i], settings[i + 1]);
        }
        server.start();
        return server;
    }

    /** Another node on the same services; it has to be closed too. */
    CommandServer beside() {
        CommandServer other = new CommandServer(services);
        other.properties.putAll(properties);
        other.start();
        return other;
    }

    private CommandServer(SharedServices.Isolated services) {
        this.services = services;
        this.properties = new TreeMap<>(services.properties());
        properties.put("server.port", "0");
    }

    void start() {
        SpringApplication spring = new SpringApplication(CommandSide.class);
        spring.setDefaultProperties(properties);
        application = spring.run();
    }

    void stop() {
        application.close();
    }

    @Override
    public void close() {
        stop();
        http.close();
    }

    /** What the services are reached by. */
    String service(String property) {
        return services.get(property);
    }

    public <T> T bean(Class<T> type) {
        return application.getBean(type);
    }

    URI uri(String path) {
        int port = ((WebServerApplicationContext) application).getWebServer().getPort();
        return URI.create("http://127.0.0.1:" + port + path);
    }

    JdbcTemplate journal() {
        return bean(JdbcTemplate.class);
    }

    int events() {
        return journal().queryForObject("select count(*) from event", Integer.class);
    }

    /**
     * @param headers names and values, in turns, the same name twice if need be; JSON is sent if none of them says otherwise
     */
    HttpResponse<String> send(String method, String path, String body, String... headers) {
        return send(method, path, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    HttpResponse<String> send(String method, String path, byte[] body, String... headers) {
        int port = ((WebServerApplicationContext) application).getWebServer().getPort();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, HttpRequest.BodyPublishers.ofByteArray(body))
                .setHeader("Content-Type", "application/json");
        for (int i = 0; i < headers.length; i += 2) {
            boolean isGivenAgain = i > 0 && headers[i].equals(headers[i - 2]);
            if (isGivenAgain) {
                request.header(headers[i], headers[i + 1]);
            } else {
                request.setHeader(headers[i], headers[i + 1]);
            }
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
