package io.daybook.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.daybook.bench.measure.Bench;
import io.daybook.bench.measure.Loop;
import io.daybook.bench.measure.Measured;
import io.daybook.bench.measure.Measurements;
import io.daybook.bench.measure.Outcome;
import io.daybook.bench.measure.Result;
import io.daybook.bench.measure.Scenario;
import io.daybook.bench.measure.Steps;
import io.daybook.bench.memory.MemoryScenario;
import io.daybook.bench.projections.CatchUpScenario;
import io.daybook.bench.projections.LagScenario;
import io.daybook.bench.projections.ReplayScenario;
import io.daybook.bench.projections.Store;
import io.daybook.bench.projections.SustainedScenario;
import io.daybook.bench.publication.PublicationScenario;
import io.daybook.bench.queries.AskedLedger;
import io.daybook.bench.queries.Query;
import io.daybook.bench.queries.QueryScenario;
import io.daybook.bench.report.Report;
import io.daybook.bench.report.Target;
import io.daybook.bench.setup.OwnServices;
import io.daybook.bench.transfers.Flow;
import io.daybook.bench.transfers.GrowthScenario;
import io.daybook.bench.transfers.HotAccountScenario;
import io.daybook.bench.transfers.LatencyScenario;
import io.daybook.bench.transfers.TransferScenario;
import io.daybook.bench.transfers.Way;
import io.daybook.services.SharedServices;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every scenario in a fraction of a second: that the bench works and its books are right, never how fast. */
class BenchTest {

    private static final OwnServices SERVICES = new OwnServices(
            SharedServices.get().isolated().properties(),
            "b" + ProcessHandle.current().pid() + "n");

    static Stream<Scenario> scenarios() {
        return Stream.of(
                new TransferScenario(Flow.WORLD_TO_BANK, 4, 64, Way.IN_PROCESS, 50),
                new TransferScenario(Flow.ANY_BOUNDED_TO_ANY, 1, 64, Way.IN_PROCESS, 50),
                new TransferScenario(Flow.ANY_TO_BANK, 4, 8, Way.HTTP, 50),
                new TransferScenario(Flow.WORLD_TO_ANY, 1, 2, Way.BATCHES, 50));
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void every_subject_answers_and_keeps_its_books(Scenario scenario) throws Exception {
        assertThat(run(scenario)).allSatisfy(result -> {
            assertThat(result.latencies().count()).isPositive();
            assertThat(result.walBytesEach()).isPositive();
        });
    }

    @Test
    void every_publication_brings_all_events_to_kafka() throws Exception {
        run(new PublicationScenario(100));
    }

    @ParameterizedTest
    @EnumSource
    void every_projection_catches_up(Store.Kind store) throws Exception {
        // A second time it goes on where it was.
        run(new CatchUpScenario(List.of(store), 200), store == Store.Kind.BALANCES ? 2 : 1);
    }

    @Test
    void all_projections_catch_up_together() throws Exception {
        run(CatchUpScenario.all(200));
    }

    @Test
    @Tag("nightly")
    void all_projections_keep_up() throws Exception {
        assertThat(run(new SustainedScenario(64)).getFirst())
                .satisfies(result -> assertThat(result.latencies().count()).isEqualTo(result.count()));
    }

    @Test
    void books_are_replayed() throws Exception {
        run(new ReplayScenario(500));
    }

    @Test
    void a_latency_counts_from_when_a_command_was_due() throws Exception {
        Executor later = CompletableFuture.delayedExecutor(150, TimeUnit.MILLISECONDS);
        AtomicBoolean isFirst = new AtomicBoolean(true);

        Measured measured = Loop.atRate(Loop.schedule(System.nanoTime(), 1_000), Duration.ofMillis(100), answer -> {
            if (isFirst.getAndSet(false)) {
                CompletableFuture.runAsync(() -> {}, later).join();
            }
            answer.with(null);
        });

        // What was due while all stood still was given late, and waited for less and less long: a closed loop would
        // have told of one command.
        assertThat(measured.latencies().getTotalCount())
                .isEqualTo(measured.count())
                .isGreaterThanOrEqualTo(100);
        assertThat(measured.latencies().getValueAtPercentile(50))
                .isGreaterThan(Duration.ofMillis(50).toNanos());
    }

    @Test
    @Tag("nightly")
    void latencies_are_measured_at_a_rate() throws Exception {
        assertThat(run(new LatencyScenario(200, 50)))
                .allSatisfy(result -> assertThat(result.latencies().count()).isEqualTo(result.count()));
    }

    @Test
    @Tag("nightly")
    void the_lag_of_every_projection_is_measured() throws Exception {
        assertThat(run(new LagScenario(200)))
                .hasSize(3)
                .allSatisfy(result -> assertThat(result.latencies().count()).isEqualTo(result.count()));
    }

    @Test
    @Tag("nightly")
    void a_long_journal_is_compared_with_a_short_one() throws Exception {
        run(new GrowthScenario(1_000, 50));
    }

    @Test
    @Tag("nightly")
    void a_hot_account_is_compared_with_spread_ones() throws Exception {
        run(new HotAccountScenario(50));
    }

    @Test
    void the_memory_of_a_ledger_is_weighed() throws Exception {
        run(new MemoryScenario(50_000));
    }

    @ParameterizedTest
    @EnumSource
    void queries_are_answered(Query query) throws Exception {
        assertThat(run(new QueryScenario(query, 4, AskedLedger.of(500), false)))
                .allSatisfy(result -> assertThat(result.latencies().count()).isEqualTo(result.count()));
    }

    private static List<Result> run(Scenario scenario) throws Exception {
        return run(scenario, 1);
    }

    private static List<Result> run(Scenario scenario, int rounds) throws Exception {
        Bench bench = new Bench(SERVICES, rounds, Duration.ofMillis(200), Duration.ZERO);
        Recorded steps = new Recorded();

        List<Result> results = bench.run(scenario, steps);

        assertThat(steps.planned).isEqualTo(bench.planned(scenario));
        assertThat(results).hasSameSizeAs(scenario.subjects()).allSatisfy(result -> assertThat(result.count())
                .isPositive());
        Measurements measured = new Measurements(
                Map.of("memory", "much"), List.of(Outcome.of(scenario, LocalDate.of(2026, 1, 31), results)));
        Measurements read = Measurements.ofJson(measured.json());
        assertThat(read).isEqualTo(measured);
        Report report = new Report(read);
        assertThat(report.text())
                .contains(scenario.name())
                .contains(results.stream().map(Result::subject).toList());
        assertThat(report.markdown("chart.svg"))
                .contains("Measured on 2026-01-31", "## " + scenario.name(), scenario.description(), "(chart.svg)");
        return results;
    }

    private static final class Recorded implements Steps {

        private Duration planned = Duration.ZERO;

        @Override
        public void begin(String what, Duration planned) {
            this.planned = this.planned.plus(planned);
        }

        @Override
        public void end(String measured) {
            assertThat(measured).isNotBlank();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "world_to_any/1/1",
                "any_to_bank/64/1",
                "any_bounded_to_any/1/64/http",
                "any_bounded_to_any/64/1024/batches",
                "publication/50",
                "latency_at_rate/2000",
                "lag_at_rate/500",
                "balance_from_books/64",
                "hot_account",
                "memory/1000",
                "growth/100000",
                "projection_catch_up/all/500",
                "sustained/256",
                "replay/books/500"
            })
    void a_scenario_is_called_what_it_is_chosen_by(String name) {
        assertThat(Choice.of(name).scenarios(1_000)).extracting(Scenario::name).containsExactly(name);
    }

    @Test
    void the_page_has_a_scenario_for_each_target_and_each_scenario_once() {
        List<Scenario> scenarios = Choice.of("page").scenarios(1_000);

        assertThat(scenarios).extracting(Scenario::name).doesNotHaveDuplicates();
        assertThat(Target.ALL).allSatisfy(target -> assertThat(scenarios)
                .extracting(Scenario::name)
                .anyMatch(name -> name.equals(target.scenario())
                        || target.scenario().endsWith("/") && name.startsWith(target.scenario())));
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
