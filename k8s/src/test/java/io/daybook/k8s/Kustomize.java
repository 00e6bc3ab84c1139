package io.daybook.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;

/** Renders overlays, with the kubectl of this machine. */
final class Kustomize {

    static final Path HOME = Path.of(System.getProperty("daybook.home", ".."));

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private static final Pattern MINOR_VERSION = Pattern.compile("\"minor\": \"(\\d+)");

    /** That of 1.21 is the first to know components; what is installed has to be of 1.26 at least, to be sure of all else. */
    private static final int LEAST_MINOR_VERSION = 26;

    private Kustomize() {}

    /** What a program said, and how it ended. */
    record Outcome(int status, String output, String errors) {}

    /** Ends the test as skipped, with a clear word, where there is no kubectl or one that is too old. */
    static void assumeInstalled() {
        Assumptions.assumeTrue(
                minorVersion() >= LEAST_MINOR_VERSION,
                "SKIPPED: kubectl 1.26 or newer is not installed, so no manifest was rendered (.ci/run takes Debian's)");
    }

    private static int minorVersion() {
        try {
            Matcher version = MINOR_VERSION.matcher(
                    run("kubectl", "version", "--client", "--output=json").output());
            return version.find() ? Integer.parseInt(version.group(1)) : 0;
        } catch (UncheckedIOException e) {
            return 0;
        }
    }

    /**
     * @throws AssertionError if it cannot be rendered, with what kubectl says
     */
    static Rendering render(String name, Path overlay) {
        Outcome outcome = tryToRender(overlay);
        if (outcome.status() != 0) {
            throw new AssertionError(name + " cannot be rendered: " + outcome.errors());
        }
        return parse(name, outcome.output());
    }

    static Outcome tryToRender(Path overlay) {
        return run("kubectl", "kustomize", overlay.toString());
    }

    /** What was rendered. */
    static Rendering parse(String name, String yaml) {
        try (MappingIterator<JsonNode> documents =
                YAML.readerFor(JsonNode.class).readValues(yaml)) {
            return new Rendering(
                    name,
                    documents.readAll().stream()
                            .filter(document -> !document.isNull())
                            .map(Resource::new)
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param file by its way from the project's folder */
    static String text(String file) {
        try {
            return Files.readString(HOME.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Outcome run(String... command) {
        try {
            Process process = new ProcessBuilder(List.of(command)).start();
            process.getOutputStream().close();
            byte[][] errors = new byte[1][];
            Thread reader = Thread.ofVirtual().start(() -> {
                try {
                    errors[0] = process.getErrorStream().readAllBytes();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            reader.join();
            return new Outcome(process.waitFor(), output, new String(errors[0], StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
