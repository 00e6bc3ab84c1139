package io.daybook.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every overlay keeps every rule, and production is not rendered without what it needs. */
class ManifestsTest {

    @BeforeAll
    static void kubectl() {
        Kustomize.assumeInstalled();
    }

    static Stream<Arguments> overlaysAndRules() {
        return Overlays.renderings().keySet().stream()
                .flatMap(overlay -> Arrays.stream(Rule.values()).map(rule -> Arguments.of(overlay, rule)));
    }

    @ParameterizedTest
    @MethodSource("overlaysAndRules")
    void every_overlay_keeps_every_rule(String overlay, Rule rule) {
        assertThat(rule.violations(Overlays.renderings().get(overlay))).isEmpty();
    }

    @Test
    void every_table_of_fields_is_of_a_kind_that_is_used() {
        Set<String> used = new HashSet<>();
        Overlays.renderings()
                .values()
                .forEach(rendering -> rendering
                        .resources()
                        .forEach(resource -> used.add(resource.apiVersion() + " " + resource.kind())));
        assertThat(used).containsAll(FieldTables.kinds());
    }

    @Test
    void production_is_not_rendered_without_an_issuer() {
        assertThatProduction(UnaryOperator.identity(), text -> without(text, "issuer"))
                .contains("data.issuer", "missing");
    }

    @Test
    void production_is_not_rendered_without_a_key_where_that_is_in_place_of_an_issuer() {
        assertThatProduction(
                        text -> text.replace("tls-issuer", "tls-secret"), text -> without(text, "tlsSecret"))
                .contains("data.tlsSecret", "missing");
    }

    @Test
    void production_is_not_rendered_before_somebody_has_told_of_the_installation() {
        assertThatProduction(UnaryOperator.identity(), text -> "").contains("installation.yaml", "no such file");
    }

    @Test
    void nobody_outside_reaches_production_that_says_nothing_of_a_key() {
        Rendering rendering = Kustomize.parse(
                "production without TLS",
                Overlays.production(text -> without(text, "- ../../components/tls-issuer"), UnaryOperator.identity())
                        .output());
        assertThat(rendering.get("Service", "gateway").spec().path("type").asText()).isEqualTo("ClusterIP");
        assertThat(Rule.NETWORK.violations(rendering)).isEmpty();
    }

    private static String without(String text, String member) {
        return text.replaceAll("(?m)^ *" + member + ".*\\n", "");
    }

    private static AbstractStringAssert<?> assertThatProduction(
            UnaryOperator<String> lists, UnaryOperator<String> tells) {
        Kustomize.Outcome outcome = Overlays.production(lists, tells);
        assertThat(outcome.status()).isNotZero();
        return assertThat(outcome.errors());
    }
}
