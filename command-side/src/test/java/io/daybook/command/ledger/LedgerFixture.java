package io.daybook.command.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.daybook.command.ledger.LedgerCommand.CaptureHold;
import io.daybook.command.ledger.LedgerCommand.ConfigureAccount;
import io.daybook.command.ledger.LedgerCommand.Identity;
import io.daybook.command.ledger.LedgerCommand.OpenLedger;
import io.daybook.command.ledger.LedgerCommand.PlaceHold;
import io.daybook.command.ledger.LedgerCommand.PostTransactions;
import io.daybook.command.ledger.LedgerCommand.RequestedPosting;
import io.daybook.command.ledger.LedgerCommand.RequestedTransaction;
import io.daybook.command.ledger.LedgerCommand.ReverseTransaction;
import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.BalanceLimits;
import io.daybook.events.LedgerEvent;
import io.daybook.events.LedgerId;
import io.daybook.events.Overdraft;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A ledger in memory that says what it decided, in the words of the domain. */
final class LedgerFixture {

    static final LedgerId LEDGER = new LedgerId("acme");
    static final Asset USD = new Asset("USD/2");
    static final Instant NOW = Instant.parse("2026-01-31T09:00:00Z");

    Instant now = NOW;
    final LedgerState state = new LedgerState();
    final InMemoryHistory history = new InMemoryHistory();

    static LedgerFixture openLedger() {
        LedgerFixture ledger = new LedgerFixture();
        ledger.handle(open(null));
        return ledger;
    }

    static OpenLedger open(@Nullable String region) {
        return open(region, null);
    }

    static OpenLedger open(@Nullable String region, @Nullable Map<String, String> metadata) {
        return new OpenLedger(LEDGER, fresh(), region, metadata);
    }

    static ConfigureAccount configure(
            String account,
            @Nullable Overdraft overdraft,
            @Nullable Map<Asset, BalanceLimits> limits,
            @Nullable Boolean closed) {
        return new ConfigureAccount(LEDGER, fresh(), new AccountAddress(account), overdraft, limits, closed, null);
    }

    static PostTransactions post(RequestedTransaction... transactions) {
        return new PostTransactions(LEDGER, false, true, List.of(transactions));
    }

    static PostTransactions atomically(RequestedTransaction... transactions) {
        return new PostTransactions(LEDGER, true, true, List.of(transactions));
    }

    static RequestedTransaction transaction(RequestedPosting... postings) {
        Identity identity = fresh();
        return new RequestedTransaction(identity, identity.eventId(), null, null, List.of(postings), Map.of());
    }

    static RequestedTransaction transaction(UUID id, @Nullable String reference, RequestedPosting... postings) {
        return new RequestedTransaction(fresh(), id, reference, null, List.of(postings), Map.of());
    }

    static RequestedTransaction keyed(String key, String fingerprint, RequestedPosting... postings) {
        Identity identity = new Identity(UUID.nameUUIDFromBytes(key.getBytes()), fingerprint);
        return new RequestedTransaction(identity, identity.eventId(), null, null, List.of(postings), Map.of());
    }

    static PlaceHold hold(String source, @Nullable String destination, long cents, @Nullable Instant expiresAt) {
        Identity identity = fresh();
        return new PlaceHold(
                LEDGER,
                identity,
                identity.eventId(),
                new AccountAddress(source),
                destination == null ? null : new AccountAddress(destination),
                USD,
                Amount.of(cents),
                expiresAt,
                Map.of());
    }

    static CaptureHold capture(UUID hold, @Nullable Long cents, boolean closing) {
        return new CaptureHold(LEDGER, fresh(), hold, cents == null ? null : Amount.of(cents), null, closing);
    }

    static ReverseTransaction reverse(UUID transaction) {
        Identity identity = fresh();
        return new ReverseTransaction(LEDGER, identity, transaction, identity.eventId(), null, Map.of());
    }

    static RequestedPosting usd(String source, String destination, long cents) {
        return new RequestedPosting(new AccountAddress(source), new AccountAddress(destination), USD, Amount.of(cents));
    }

    static RequestedPosting allUsd(String source, String destination) {
        return new RequestedPosting(new AccountAddress(source), new AccountAddress(destination), USD, null);
    }

    static Identity fresh() {
        return new Identity(UUID.randomUUID(), null);
    }

    /** Decides, lets happen what was accepted, and remembers what was answered without an event. */
    List<Decision> handle(LedgerCommand command) {
        List<Decision> decisions = Ledger.decide(command, state, history, now);
        RememberedCommand use = Ledger.use(command, decisions, history);
        for (Decision decision : decisions) {
            switch (decision) {
                case Decision.Accepted accepted -> {
                    history.append(command.ledger(), accepted, now);
                    Ledger.evolve(state, accepted.event());
                }
                case Decision.Restored(PastEvent past) -> {
                    history.append(past);
                    Ledger.evolve(state, past.recorded().event());
                }
                case Decision.Remembered(RememberedCommand remembered) -> history.remember(remembered);
                case Decision.Kept(RememberedCommand remembered) -> history.remember(remembered);
                case Decision.Same(Identity identity, int index)
                when identity.isKeyed() && decisions.get(index) instanceof Decision.Accepted same ->
                    history.remember(RememberedCommand.of(
                            command.ledger(),
                            identity,
                            history.head().sequence(),
                            new Decision.Repeated(
                                    history.event(same.identity().eventId()).event())));
                default -> {}
            }
        }
        if (use != null) {
            history.remember(use);
        }
        return decisions;
    }

    /** The only decision, which must be to record an event of this kind. */
    <E extends LedgerEvent> E accept(Class<E> kind, LedgerCommand command) {
        Decision decision = handle(command).getFirst();
        assertThat(decision).isInstanceOf(Decision.Accepted.class);
        return kind.cast(((Decision.Accepted) decision).event());
    }

    /** Why the only decision refused. */
    Rejection refuse(LedgerCommand command) {
        Decision decision = handle(command).getFirst();
        assertThat(decision).isInstanceOf(Decision.Refused.class);
        return ((Decision.Refused) decision).rejection();
    }

    Amount held(String account) {
        return state.held(new AccountAddress(account), USD);
    }

    Amount balance(String account) {
        return state.balance(new AccountAddress(account), USD);
    }
}
