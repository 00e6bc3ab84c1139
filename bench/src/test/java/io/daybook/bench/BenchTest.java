package io.daybook.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.daybook.services.SharedServices;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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
        run(new CatchUpScenario(List.of(store), 200));
    }

    @Test
    void all_projections_catch_up_together() throws Exception {
        run(CatchUpScenario.all(200));
    }

    @Test
    void all_projections_keep_up() throws Exception {
        assertThat(run(new SustainedScenario(64)).getFirst())
                .satisfies(
                        result -> assertThat(result.latencies().getTotalCount()).isEqualTo(result.count()));
    }

    @Test
    void books_are_replayed() throws Exception {
        run(new ReplayScenario(500));
    }

    @Test
    void a_latency_counts_from_when_a_command_was_due() throws Exception {
        CompletableFuture<Void> stalled = new CompletableFuture<>();

        Measured measured = Loop.atRate(Loop.schedule(System.nanoTime(), 1_000), Duration.ofMillis(100), answer -> {
            stalled.thenRun(() -> answer.with(null));
            CompletableFuture.delayedExecutor(150, TimeUnit.MILLISECONDS).execute(() -> stalled.complete(null));
        });

        // What was due while all stood still waited for less and less long: a closed loop would have told of one
        // command.
        assertThat(measured.latencies().getTotalCount())
                .isEqualTo(measured.count())
                .isGreaterThan(10);
        assertThat(measured.latencies().getValueAtPercentile(50))
                .isGreaterThan(Duration.ofMillis(50).toNanos());
    }

    @Test
    void latencies_are_measured_at_a_rate() throws Exception {
        assertThat(run(new LatencyScenario(200, 50)))
                .allSatisfy(
                        result -> assertThat(result.latencies().getTotalCount()).isEqualTo(result.count()));
    }

    @Test
    void the_lag_of_every_projection_is_measured() throws Exception {
        assertThat(run(new LagScenario(200))).hasSize(3).allSatisfy(result -> assertThat(
                        result.latencies().getTotalCount())
                .isEqualTo(result.count()));
    }

    @Test
    void a_long_journal_is_compared_with_a_short_one() throws Exception {
        run(new GrowthScenario(1_000, 50));
    }

    private static List<Result> run(Scenario scenario) throws Exception {
        Bench bench = new Bench(SERVICES, 1, Duration.ofMillis(200), Duration.ZERO);
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
                "publication/50",
                "latency_at_rate/2000",
                "lag_at_rate/500",
                "growth/100000",
                "projection_catch_up/all/500",
                "sustained/256",
                "replay/books/500"
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
