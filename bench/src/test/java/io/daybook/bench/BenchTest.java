package io.daybook.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.daybook.services.SharedServices;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every flow in a fraction of a second: that the bench works and its books are right, never how fast. */
class BenchTest {

    private static final OwnServices SERVICES = new OwnServices(
            SharedServices.get().isolated().properties(),
            "b" + ProcessHandle.current().pid() + "n");

    static Stream<Scenario> scenarios() {
        return Stream.of(
                new TransferScenario(Flow.WORLD_TO_ANY, 1, 1, Way.IN_PROCESS, 50),
                new TransferScenario(Flow.WORLD_TO_BANK, 4, 64, Way.IN_PROCESS, 50),
                new TransferScenario(Flow.ANY_BOUNDED_TO_ANY, 1, 64, Way.IN_PROCESS, 50),
                new TransferScenario(Flow.ANY_TO_BANK, 4, 64, Way.IN_PROCESS, 50),
                new TransferScenario(Flow.ANY_BOUNDED_TO_ANY, 4, 8, Way.HTTP, 50),
                new TransferScenario(Flow.ANY_BOUNDED_TO_ANY, 1, 2, Way.BATCHES, 50));
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void every_subject_answers_and_keeps_its_books(Scenario scenario) throws Exception {
        assertThat(run(scenario)).allSatisfy(result -> {
            assertThat(result.latencies().getTotalCount()).isPositive();
            assertThat(result.walBytesEach()).isPositive();
        });
    }

    @Test
    void every_publication_brings_all_events_to_kafka() throws Exception {
        run(new PublicationScenario(200));
    }

    @ParameterizedTest
    @EnumSource
    void every_projection_catches_up(Store.Kind store) throws Exception {
        run(new CatchUpScenario(store, 200));
    }

    private static List<Result> run(Scenario scenario) throws Exception {
        Bench bench = new Bench(SERVICES, 1, Duration.ofMillis(200));
        AtomicInteger steps = new AtomicInteger();

        List<Result> results = bench.run(scenario, steps::set);

        assertThat(steps).hasValue(bench.steps(scenario));
        assertThat(results).hasSameSizeAs(scenario.subjects()).allSatisfy(result -> assertThat(result.count())
                .isPositive());
        Report report = new Report(new Machine(Map.of()));
        report.add(scenario, results);
        assertThat(report.text())
                .contains(scenario.name())
                .contains(results.stream().map(Result::subject).toList());
        assertThat(report.markdown()).contains("## " + scenario.title()).contains(scenario.description());
        return results;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "world_to_any/1/1",
                "any_bounded_to_any/1/64/http",
                "any_bounded_to_any/64/1024/batches",
                "publication/50"
            })
    void a_scenario_is_called_what_it_is_chosen_by(String name) {
        assertThat(Choice.of(name).scenarios(1_000)).extracting(Scenario::name).containsExactly(name);
    }

    @Test
    void transfers_go_where_their_flow_says() {
        var random = new SplittableRandom(1);
        for (int i = 0; i < 1_000; i++) {
            Flow.Transfer transfer = Flow.ANY_BOUNDED_TO_ANY.next(random, 3);
            assertThat(transfer.source()).isNotEqualTo(transfer.destination()).isBetween(0, 2);
            assertThat(transfer.destination()).isBetween(0, 2);
        }
        assertThat(Flow.WORLD_TO_BANK.next(random, 3)).isEqualTo(new Flow.Transfer(Flow.WORLD, Flow.BANK));
    }
}
