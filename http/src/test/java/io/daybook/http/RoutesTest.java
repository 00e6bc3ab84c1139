package io.daybook.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** The table of routes that the gateway is made from, and that every side keeps to. */
class RoutesTest {

    private static final Set<String> METHODS = Set.of("get", "put", "post", "patch", "delete");

    @Test
    void it_has_what_the_contract_has_and_nothing_else() throws IOException {
        Set<String> contract = new TreeSet<>();
        try (InputStream document = getClass().getResourceAsStream("openapi.yaml")) {
            Map<String, Map<String, Map<String, Object>>> openapi = new Yaml().load(document);
            openapi.get("paths").forEach((path, calls) -> calls.keySet().stream()
                    .filter(METHODS::contains)
                    .forEach(method ->
                            contract.add(method.toUpperCase(Locale.ROOT) + " " + path.replaceAll("\\{[^}]*}", "{}"))));
        }
        contract.add("GET /openapi");
        contract.add("GET /webjars/swagger-ui/{}");
        assertThat(Routes.ofContract().all().keySet())
                .hasSizeGreaterThan(30)
                .containsExactlyInAnyOrderElementsOf(contract);
    }

    /** As the contract tells it: commands by their methods, but for what operators ask, and for what only the event store has. */
    @Test
    void queries_are_answered_by_the_query_side_and_commands_by_the_command_side() {
        Routes.ofContract().all().forEach((route, side) -> {
            String expected = route.contains("/operations/replays")
                    ? "projections"
                    : route.contains("/operations/republications") || route.endsWith("/keyed-commands")
                            ? "command"
                            : route.startsWith("GET ") ? "query" : "command";
            assertThat(side).as(route).isEqualTo(expected);
        });
    }

    @Test
    void a_controller_of_another_side_is_refused_with_the_route() {
        assertThatThrownBy(() -> Routes.ofContract().require(RoutesTest.class, "GET", "/v1/ledgers/{name}"))
                .hasMessageContaining("io.daybook.http.RoutesTest answers GET /v1/ledgers/{name}")
                .hasMessageContaining("for the side 'query'");
        assertThatThrownBy(() -> Routes.ofContract().require(RoutesTest.class, "GET", "/v1/nothing"))
                .hasMessageContaining("not at all");
    }
}
