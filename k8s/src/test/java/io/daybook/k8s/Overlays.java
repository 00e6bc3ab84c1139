package io.daybook.k8s;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The overlays as an operator would have them, rendered once. */
final class Overlays {

    /** A copy, in which production is told what only whoever runs it knows. */
    private static final Path COPY = Path.of("target/installation");

    private static final Path PRODUCTION = COPY.resolve("k8s/overlays/production");

    private static final String WITH_KEY = "production with a key";

    private static final String BEHIND_GATEWAY = "production behind a Gateway";

    private static final List<String> NEEDED =
            List.of("k8s/base", "k8s/components", "k8s/overlays", "nginx", "infra/kibana");

    private static Map<String, Rendering> renderings = Map.of();

    private Overlays() {}

    /** By the names of their folders, and production in its other forms too. */
    static synchronized Map<String, Rendering> renderings() {
        if (renderings.isEmpty()) {
            Map<String, Rendering> all = new LinkedHashMap<>();
            copy();
            try (Stream<Path> folders = Files.list(Kustomize.HOME.resolve("k8s/overlays"))) {
                for (Path folder : folders.sorted().toList()) {
                    String name = folder.getFileName().toString();
                    all.put(name, Kustomize.render(name, COPY.resolve("k8s/overlays/" + name)));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            change("kustomization.yaml", text -> text.replace("tls-issuer", "tls-secret"));
            all.put(WITH_KEY, Kustomize.render(WITH_KEY, PRODUCTION));
            copy();
            change("kustomization.yaml", text -> text.replace("  # - ", "  - "));
            all.put(BEHIND_GATEWAY, Kustomize.render(BEHIND_GATEWAY, PRODUCTION));
            renderings = all;
        }
        return renderings;
    }

    /**
     * What kubectl says of production with other texts in its files.
     *
     * @param lists makes what {@code kustomization.yaml} says
     * @param tells makes what {@code installation.yaml} says; if it is nothing, there is no such file
     */
    static synchronized Kustomize.Outcome production(UnaryOperator<String> lists, UnaryOperator<String> tells) {
        copy();
        change("kustomization.yaml", lists);
        change("installation.yaml", tells);
        return Kustomize.tryToRender(PRODUCTION);
    }

    private static void change(String file, UnaryOperator<String> change) {
        try {
            Path path = PRODUCTION.resolve(file);
            String text = change.apply(Files.readString(path));
            Files.delete(path);
            if (!text.isEmpty()) {
                Files.writeString(path, text);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copy() {
        try {
            for (String folder : NEEDED) {
                Path from = Kustomize.HOME.resolve(folder);
                try (Stream<Path> files = Files.walk(from)) {
                    for (Path file : files.filter(Files::isRegularFile).toList()) {
                        Path to = COPY.resolve(folder).resolve(from.relativize(file));
                        Files.createDirectories(to.getParent());
                        Files.deleteIfExists(to);
                        Files.copy(file, to);
                    }
                }
            }
            Files.writeString(
                    PRODUCTION.resolve("installation.yaml"),
                    // All that is left to choose, chosen.
                    Files.readString(PRODUCTION.resolve("installation.example.yaml"))
                            .replaceAll("(?m)^  # (issuer|tlsSecret|gateway|gatewayNamespace): ", "  $1: "));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
