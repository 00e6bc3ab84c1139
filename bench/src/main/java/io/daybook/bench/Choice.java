package io.daybook.bench;

import io.daybook.bench.measure.Scenario;
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
import io.daybook.bench.report.Target;
import io.daybook.bench.transfers.Flow;
import io.daybook.bench.transfers.GrowthScenario;
import io.daybook.bench.transfers.HotAccountScenario;
import io.daybook.bench.transfers.LatencyScenario;
import io.daybook.bench.transfers.TransferScenario;
import io.daybook.bench.transfers.Way;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import picocli.CommandLine.TypeConversionException;

/** Scenarios as they are chosen on the command line; what is not said of them is what is usual. */
@FunctionalInterface
interface Choice {

    /** Chooses all that the page has. */
    String PAGE = "page";

    /** As many connections as transfers come over, too. */
    int CLIENTS = 64;

    /**
     * @param accounts how many there are over all ledgers together
     */
    List<Scenario> scenarios(int accounts);

    /**
     * @throws TypeConversionException if there is no scenario of that name
     */
    static Choice of(String text) {
        List<String> parts = Arrays.asList(text.split("/"));
        List<String> measures = parts.subList(1, parts.size());
        try {
            return switch (parts.getFirst()) {
                case PAGE -> page();
                case PublicationScenario.NAME -> publication(measures);
                case CatchUpScenario.NAME -> catchUp(measures);
                case LatencyScenario.NAME -> rates(measures, LatencyScenario::new);
                case LagScenario.NAME -> rates(measures, (rate, accounts) -> new LagScenario(rate));
                case SustainedScenario.NAME -> sustained(measures);
                case ReplayScenario.NAME -> replay(measures);
                case GrowthScenario.NAME -> growth(measures);
                case HotAccountScenario.NAME -> accounts -> List.of(new HotAccountScenario(accounts));
                case MemoryScenario.NAME -> memory(measures);
                default ->
                    isQuery(parts.getFirst())
                            ? query(Query.valueOf(constant(parts.getFirst())), measures)
                            : transfers(Flow.valueOf(constant(parts.getFirst())), measures);
            };
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException("'" + text
                    + "' is not of the form FLOW[/LEDGERS[/IN_FLIGHT[/WAY]]] with a flow of "
                    + Stream.of(Flow.values()).map(Flow::label).toList() + " and a way of "
                    + Stream.of(Way.values()).map(Way::label).toList()
                    + ", nor QUERY[/CLIENTS] with a query of "
                    + Stream.of(Query.values()).map(Query::label).toList()
                    + ", nor publication[/EVENTS], nor projection_catch_up[/PROJECTION[/EVENTS]] with a projection of "
                    + Stream.of(Store.Kind.values()).map(Store.Kind::label).toList()
                    + " or all, nor sustained[/ON_THEIR_WAY], nor replay[/books[/EVENTS]], nor latency_at_rate[/RATE], lag_at_rate[/RATE], growth[/EVENTS], memory[/ACCOUNTS],"
                    + " hot_account, or " + PAGE);
        }
    }

    private static boolean isQuery(String name) {
        return Stream.of(Query.values()).anyMatch(query -> query.label().equals(name));
    }

    private static String constant(String label) {
        return label.toUpperCase(Locale.ROOT);
    }

    /** A flow with the usual measures. */
    static Choice of(Flow flow) {
        return transfers(flow, List.of());
    }

    private static Choice transfers(Flow flow, List<String> measures) {
        List<Integer> allLedgers = measures.isEmpty() ? List.of(1, 64) : List.of(Integer.valueOf(measures.get(0)));
        List<Integer> allInFlight =
                measures.size() < 2 ? List.of(1, 64, 1_024) : List.of(Integer.valueOf(measures.get(1)));
        Way way = measures.size() < 3 ? Way.IN_PROCESS : Way.valueOf(constant(measures.get(2)));
        return accounts -> {
            List<Scenario> scenarios = new ArrayList<>();
            for (int ledgers : allLedgers) {
                for (int inFlight : allInFlight) {
                    scenarios.add(new TransferScenario(flow, ledgers, inFlight, way, Math.max(2, accounts / ledgers)));
                }
            }
            return scenarios;
        };
    }

    private static Choice publication(List<String> measures) {
        Scenario scenario = new PublicationScenario(events(measures, 0));
        return accounts -> List.of(scenario);
    }

    private static Choice catchUp(List<String> measures) {
        int events = events(measures, 1);
        Stream<Scenario> each = Stream.of(Store.Kind.values())
                .filter(store -> measures.isEmpty() || store.label().equals(measures.getFirst()))
                .<Scenario>map(store -> new CatchUpScenario(List.of(store), events));
        Stream<Scenario> all = Stream.<Scenario>of(CatchUpScenario.all(events))
                .filter(together -> measures.isEmpty() || CatchUpScenario.ALL.equals(measures.getFirst()));
        List<Scenario> scenarios = Stream.concat(each, all).toList();
        if (scenarios.isEmpty()) {
            throw new IllegalArgumentException(measures.getFirst());
        }
        return accounts -> scenarios;
    }

    private static Choice rates(List<String> measures, BiFunction<Integer, Integer, Scenario> scenario) {
        List<Integer> rates = measures.isEmpty() ? List.of(500, 2_000) : List.of(Integer.valueOf(measures.getFirst()));
        return accounts ->
                rates.stream().map(rate -> scenario.apply(rate, accounts)).toList();
    }

    private static Choice sustained(List<String> measures) {
        int window = measures.isEmpty() ? 4_096 : Integer.parseInt(measures.getFirst());
        return accounts -> List.of(new SustainedScenario(window));
    }

    private static Choice replay(List<String> measures) {
        if (!measures.isEmpty() && !measures.getFirst().equals(Store.Kind.BOOKS.label())) {
            throw new IllegalArgumentException(measures.getFirst());
        }
        int events = measures.size() < 2 ? 1_000_000 : Integer.parseInt(measures.get(1));
        return accounts -> List.of(new ReplayScenario(events));
    }

    private static Choice growth(List<String> measures) {
        long events = measures.isEmpty() ? 10_000_000 : Long.parseLong(measures.getFirst());
        return accounts -> List.of(new GrowthScenario(events, accounts));
    }

    private static int events(List<String> measures, int index) {
        return measures.size() > index ? Integer.parseInt(measures.get(index)) : 20_000;
    }

    private static Choice query(Query query, List<String> measures) {
        int clients = measures.isEmpty() ? CLIENTS : Integer.parseInt(measures.getFirst());
        return accounts -> List.of(new QueryScenario(query, clients, AskedLedger.of(accounts), true));
    }

    private static Choice memory(List<String> measures) {
        return accounts ->
                List.of(new MemoryScenario(measures.isEmpty() ? accounts : Integer.parseInt(measures.getFirst())));
    }

    /** Each scenario that tells of a target, once, and the queries. */
    private static Choice page() {
        return accounts -> {
            List<Scenario> scenarios = new ArrayList<>();
            Target.ALL.stream()
                    .map(Target::choice)
                    .distinct()
                    .map(Choice::of)
                    .forEach(choice -> scenarios.addAll(choice.scenarios(accounts)));
            for (Query query : Query.values()) {
                scenarios.add(new QueryScenario(query, CLIENTS, AskedLedger.of(accounts), query.ordinal() == 0));
            }
            return scenarios;
        };
    }
}
