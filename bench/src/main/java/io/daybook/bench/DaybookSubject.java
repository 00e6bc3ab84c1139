package io.daybook.bench;

import io.daybook.bench.Flow.Transfer;
import io.daybook.command.CommandSideConfiguration;
import io.daybook.command.aggregate.LedgerAnswer;
import io.daybook.command.aggregate.LedgerAnswer.Outcome;
import io.daybook.command.intake.CommandIntake;
import io.daybook.command.ledger.LedgerCommand;
import io.daybook.command.ledger.LedgerCommand.Identity;
import io.daybook.command.ledger.LedgerCommand.Movement;
import io.daybook.command.ledger.LedgerCommand.OpenLedger;
import io.daybook.command.ledger.LedgerCommand.PostTransactions;
import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.LedgerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.axonframework.commandhandling.CommandBus;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;

/** Daybook's command side as it is deployed, publication to Kafka included, driven at its command bus. */
final class DaybookSubject implements Subject {

    private static final Asset USD = new Asset("USD/2");
    private static final Amount ONE = Amount.of(1);
    private static final Amount OPENING = Amount.of(Scenario.OPENING_BALANCE);
    private static final int FUNDED_AT_ONCE = 4_000;

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import(CommandSideConfiguration.class)
    static class Application {}

    private final Scenario scenario;
    private final SplittableRandom random = new SplittableRandom(1);
    private final ConfigurableApplicationContext application;
    private final CommandBus bus;
    private final List<LedgerId> ledgers;
    private final AccountAddress[] accounts;
    private final AccountAddress bank = new AccountAddress(Scenario.account(Flow.BANK));
    private long answered;

    DaybookSubject(Scenario scenario, Map<String, String> services) {
        this.scenario = scenario;
        SpringApplication spring = new SpringApplication(Application.class);
        Map<String, Object> properties = new HashMap<>(services);
        properties.put("server.port", "0");
        properties.put("server.address", "127.0.0.1");
        properties.put("spring.main.banner-mode", "off");
        properties.put("logging.level.root", "warn");
        // A ledger that is opened is not there before, and a topic of its own neither.
        properties.put("logging.level.org.axonframework.modelling.command.AbstractRepository", "error");
        properties.put("logging.level.org.apache.kafka", "error");
        spring.setDefaultProperties(properties);
        application = spring.run();
        bus = application.getBean("commandBus", CommandBus.class);
        ledgers = IntStream.range(0, scenario.ledgers())
                .mapToObj(i -> new LedgerId("bench-" + i))
                .toList();
        accounts = IntStream.range(0, scenario.accounts())
                .mapToObj(i -> new AccountAddress(Scenario.account(i)))
                .toArray(AccountAddress[]::new);
        ledgers.forEach(ledger -> send(new OpenLedger(ledger, new Identity(id(), null), null, Map.of()))
                .join());
        if (scenario.flow().isBounded()) {
            ledgers.forEach(this::fund);
        }
    }

    private void fund(LedgerId ledger) {
        for (int from = 0; from < accounts.length; from += FUNDED_AT_ONCE) {
            List<LedgerCommand.Transfer> transfers = new ArrayList<>();
            for (int i = from; i < Math.min(from + FUNDED_AT_ONCE, accounts.length); i++) {
                transfers.add(transfer(AccountAddress.WORLD, accounts[i], OPENING));
            }
            send(new PostTransactions(ledger, true, true, transfers)).join();
            answered += transfers.size();
        }
    }

    /** Ids are drawn as cheaply as can be: drawing them is the client's part. */
    private UUID id() {
        return new UUID(random.nextLong(), random.nextLong());
    }

    private LedgerCommand.Transfer transfer(AccountAddress source, AccountAddress destination, Amount amount) {
        UUID id = id();
        return new LedgerCommand.Transfer(
                new Identity(id, null),
                id,
                null,
                null,
                List.of(new Movement(source, destination, USD, amount)),
                Map.of());
    }

    private CompletableFuture<LedgerAnswer> send(LedgerCommand command) {
        return CommandIntake.send(bus, command, "bench", "bench");
    }

    @Override
    public String name() {
        return "Daybook";
    }

    @Override
    public Measured run(Duration duration) throws Exception {
        Measured measured = Loop.inFlight(scenario.inFlight(), duration, answer -> {
            Transfer next = scenario.flow().next(random, scenario.accounts());
            PostTransactions command = PostTransactions.only(
                    ledgers.get(scenario.ledger(random)),
                    transfer(account(next.source()), account(next.destination()), ONE));
            send(command)
                    .whenComplete((result, failure) -> answer.with(
                            failure == null && !(result.outcomes().getFirst() instanceof Outcome.Recorded)
                                    ? new IllegalStateException(
                                            result.outcomes().getFirst().toString())
                                    : failure));
        });
        answered += measured.transfers();
        return measured;
    }

    private AccountAddress account(int index) {
        return switch (index) {
            case Flow.WORLD -> AccountAddress.WORLD;
            case Flow.BANK -> bank;
            default -> accounts[index];
        };
    }

    /** The journal has each transfer once, its sequences are without gaps, and every event's hash is another. */
    @Override
    public void verify() {
        JdbcTemplate journal = application.getBean("commandJdbcTemplate", JdbcTemplate.class);
        Map<String, Object> found = journal.queryForMap("""
                select count(*) as events, count(distinct hash) as hashes, max(position) as position,
                       (select sum(last) from (select max(sequence) as last from event group by ledger) each) as sequences
                  from event
                """);
        long expected = answered + ledgers.size();
        boolean isWhole = found.values().stream().allMatch(value -> ((Number) value).longValue() == expected);
        if (!isWhole) {
            throw new AssertionError("the journal should have " + expected + " events, and has " + found);
        }
    }

    @Override
    public void close() {
        application.close();
    }
}
