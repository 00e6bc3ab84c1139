package io.daybook.query;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks the query side as any client does. */
final class Client {

    record Answer(int status, JsonNode body, HttpResponse<String> response) {

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        String code() {
            return body.path("code").asString("");
        }
    }

    private final HttpClient http = HttpClient.newHttpClient();
    private final String base;

    Client(ApplicationContext application) {
        int port = ((ServletWebServerApplicationContext) application)
                .getWebServer()
                .getPort();
        base = "http://127.0.0.1:" + port;
    }

    Answer get(String path, String... headers) {
        return getAsync(path, headers).join();
    }

    CompletableFuture<Answer> getAsync(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString())
                .thenApply(response ->
                        new Answer(response.statusCode(), JsonMapper.shared().readTree(response.body()), response));
    }
}
