package io.daybook.acceptance;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/** An import into a server that stands in for Kibana: first it is not ready, and then it answers as it was told. */
record KibanaImport(int status, String output, String sent) {

    /**
     * @param start makes of Kibana's address how the import is started
     * @param answer what it is answered
     */
    static KibanaImport run(Function<String, ProcessBuilder> start, String answer) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        StringBuilder sent = new StringBuilder();
        int[] asked = {0};
        server.createContext("/api/status", exchange -> {
            exchange.sendResponseHeaders(asked[0]++ == 0 ? 503 : 200, -1);
            exchange.close();
        });
        server.createContext("/api/saved_objects/_import", exchange -> {
            sent.append(exchange.getRequestMethod()).append('\n');
            exchange.getRequestHeaders()
                    .forEach((name, values) -> sent.append(name.equals("Kbn-xsrf") ? "kbn-xsrf" : name)
                            .append(": ")
                            .append(values.getFirst())
                            .append('\n'));
            sent.append(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            byte[] body = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try {
            ProcessBuilder script = start.apply(
                            "http://127.0.0.1:" + server.getAddress().getPort())
                    .redirectErrorStream(true);
            script.environment().put("KIBANA_API_KEY", "secret");
            Process process = script.start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new KibanaImport(process.waitFor(), output, sent.toString());
        } finally {
            server.stop(0);
        }
    }
}
