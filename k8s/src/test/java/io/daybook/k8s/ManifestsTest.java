package io.daybook.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every overlay keeps every rule. */
class ManifestsTest {

    private static final Map<String, Rendering> RENDERINGS = new ConcurrentHashMap<>();

    @BeforeAll
    static void kubectl() {
        Kustomize.assumeInstalled();
    }

    static Stream<Arguments> overlaysAndRules() throws IOException {
        List<String> overlays = overlays();
        return overlays.stream()
                .flatMap(overlay -> Arrays.stream(Rule.values()).map(rule -> Arguments.of(overlay, rule)));
    }

    private static List<String> overlays() throws IOException {
        try (Stream<java.nio.file.Path> folders = Files.list(Kustomize.OVERLAYS)) {
            return folders.map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("overlaysAndRules")
    void every_overlay_keeps_every_rule(String overlay, Rule rule) {
        Rendering rendering =
                RENDERINGS.computeIfAbsent(overlay, name -> Kustomize.render(Kustomize.OVERLAYS.resolve(name)));
        assertThat(rule.violations(rendering)).isEmpty();
    }
}
