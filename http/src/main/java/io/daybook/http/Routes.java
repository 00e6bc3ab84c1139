package io.daybook.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Which side answers what: the table {@code nginx/routes}, from which the gateway's maps are made. A side keeps to it too, so
 * that behind the gateway and in one process the same is reached by the same path.
 */
final class Routes {

    private static final String TABLE = "routes";
    private static final String SIDES = "io.daybook.";

    /** The sides by method and path, with what is in braces left out. */
    private final Map<String, String> sides = new HashMap<>();

    private Routes() {}

    /** Those of the contract. */
    static Routes ofContract() {
        Routes routes = new Routes();
        table().lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .map(line -> line.split("\\s+"))
                .forEach(routes::add);
        return routes;
    }

    private static String table() {
        try (InputStream in = Routes.class.getResourceAsStream(TABLE)) {
            if (in == null) {
                throw new IllegalStateException("the table of routes is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void add(String[] line) {
        for (int i = 1; i < line.length; i++) {
            String[] side = line[i].split(":");
            for (String method : side[1].split(",")) {
                // Streams are answered by the query side, and only led to it in another way.
                sides.put(key(method, line[0]), side[0].equals("stream") ? "query" : side[0]);
            }
        }
    }

    private static String key(String method, String path) {
        return method + " " + path.replaceAll("\\{[^}]*}", "{}");
    }

    /** All of them, with what is in braces left out, such as {@code GET /v1/ledgers/{}}, and the side of each. */
    Map<String, String> all() {
        return Map.copyOf(sides);
    }

    /**
     * Makes sure that a controller answers only what its side does.
     *
     * @throws IllegalStateException if it is another's, or nobody's
     */
    void require(Class<?> controller, String method, String path) {
        String side = sides.get(key(method, path));
        if (side == null || !controller.getName().startsWith(SIDES + side + ".")) {
            throw new IllegalStateException(
                    controller.getName() + " answers " + method + " " + path + ", which nginx/routes has "
                            + (side == null ? "not at all" : "for the side '" + side + "'")
                            + "; the gateway would never lead it there");
        }
    }
}
