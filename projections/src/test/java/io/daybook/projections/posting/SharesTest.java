package io.daybook.projections.posting;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How projections are divided among nodes. */
class SharesTest {

    private static final String A = "daybook-projections:audit,balances,books:1@a";
    private static final String B = "daybook-projections:audit,balances,books:1@b";
    private static final String C = "daybook-projections:audit,balances,books:1@c";
    private static final String D = "daybook-projections:audit,balances,books:1@d";
    private static final String ONLY_BALANCES = "daybook-projections:balances:1@only";

    private static Map<String, Long> loads(Map<String, String> division) {
        return division.values().stream().collect(Collectors.groupingBy(node -> node, Collectors.counting()));
    }

    /** Of nodes that are there. */
    private static Map<String, String> owners(Map<String, String> division) {
        Map<String, String> owners = new HashMap<>();
        division.forEach((projection, node) -> owners.put(projection, node.substring(node.lastIndexOf(':') + 1)));
        return owners;
    }

    @Test
    void a_node_alone_has_all() {
        assertThat(Shares.division(List.of(A), Map.of())).isEqualTo(Map.of("audit", A, "balances", A, "books", A));
    }

    @Test
    void one_that_joins_gets_its_share_and_the_others_keep_theirs() {
        Map<String, String> alone = Shares.division(List.of(A), Map.of());
        Map<String, String> two = Shares.division(List.of(A, B), owners(alone));
        assertThat(loads(two)).isEqualTo(Map.of(A, 2L, B, 1L));
        Map<String, String> three = Shares.division(List.of(A, B, C), owners(two));
        assertThat(loads(three)).isEqualTo(Map.of(A, 1L, B, 1L, C, 1L));
        assertThat(three.entrySet().stream()
                        .filter(share -> two.get(share.getKey()).equals(share.getValue())))
                .hasSize(2);
        assertThat(loads(Shares.division(List.of(A, B, C, D), owners(three)))).hasSize(3);
    }

    @Test
    void what_one_that_left_had_goes_to_those_with_least() {
        Map<String, String> three = Map.of("audit", "1@a", "balances", "1@b", "books", "1@c");
        Map<String, String> two = Shares.division(List.of(A, C), three);
        assertThat(two).containsEntry("audit", A).containsEntry("books", C);
        assertThat(loads(two)).containsValues(1L, 2L);
    }

    @Test
    void a_division_stays_as_it_is_while_nobody_comes_or_goes() {
        for (List<String> nodes :
                List.of(List.of(A), List.of(A, B), List.of(A, B, C), List.of(A, B, C, D), List.of(A, ONLY_BALANCES))) {
            Map<String, String> first = Shares.division(nodes, Map.of());
            Stream.iterate(first, division -> Shares.division(nodes, owners(division)))
                    .limit(5)
                    .forEach(division -> assertThat(division).isEqualTo(first));
        }
    }

    @Test
    void a_node_has_only_what_it_runs() {
        Map<String, String> owners = Map.of("audit", "1@a", "balances", "1@a", "books", "1@a");
        assertThat(Shares.division(List.of(A, ONLY_BALANCES), owners))
                .isEqualTo(Map.of("audit", A, "balances", ONLY_BALANCES, "books", A));
        assertThat(Shares.division(List.of(ONLY_BALANCES), owners)).isEqualTo(Map.of("balances", ONLY_BALANCES));
    }
}
