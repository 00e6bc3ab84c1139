package io.daybook.command.ledger;

import static io.daybook.command.ledger.LedgerFixture.LEDGER;
import static io.daybook.command.ledger.LedgerFixture.NOW;
import static io.daybook.command.ledger.LedgerFixture.USD;
import static io.daybook.command.ledger.LedgerFixture.capture;
import static io.daybook.command.ledger.LedgerFixture.hold;
import static io.daybook.command.ledger.LedgerFixture.post;
import static io.daybook.command.ledger.LedgerFixture.reverse;
import static io.daybook.command.ledger.LedgerFixture.transaction;
import static io.daybook.command.ledger.LedgerFixture.usd;
import static org.assertj.core.api.Assertions.assertThat;

import io.daybook.command.ledger.LedgerCommand.AppendHistory;
import io.daybook.command.ledger.Rejection.BrokenChain;
import io.daybook.command.store.JournalEntry;
import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.Envelope;
import io.daybook.events.EventType;
import io.daybook.events.HashChain;
import io.daybook.events.LedgerEvent;
import io.daybook.events.LedgerEvent.AccountConfigured;
import io.daybook.events.LedgerEvent.HoldCaptured;
import io.daybook.events.LedgerEvent.HoldPlaced;
import io.daybook.events.LedgerEvent.HoldReleased;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.LedgerEvent.MetadataChanged;
import io.daybook.events.LedgerEvent.TransactionPosted;
import io.daybook.events.LedgerEvent.TransactionReversed;
import io.daybook.events.LedgerId;
import io.daybook.events.Overdraft;
import io.daybook.events.Posting;
import io.daybook.events.RecordedEvent;
import io.daybook.messages.LedgerEventJson;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/** History that was recorded elsewhere is taken over as it is, if it can have been. */
class PastEventsTest {

    private static final int RUNS = 300;
    private static final int COMMANDS_PER_RUN = 60;
    private static final UUID HOLD = new UUID(7, 7);

    private final LedgerFixture here = new LedgerFixture();

    static LongStream seeds() {
        return LongStream.range(0, RUNS);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void any_history_in_any_pieces_gives_the_same_events_and_the_same_state(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        RandomCommands commands = new RandomCommands(random.split());
        LedgerFixture there = LedgerFixture.openLedger();
        for (int i = 0; i < COMMANDS_PER_RUN; i++) {
            there.handle(commands.next(there));
        }
        List<PastEvent> past = past(there.history.events());
        for (int from = 0; from < past.size(); ) {
            int to = Math.min(past.size(), from + 1 + random.nextInt(20));
            // Now and then a piece begins with what is there already, as after an interruption.
            int again = Math.max(0, from - random.nextInt(5));
            List<Decision> decisions = here.handle(append(past.subList(again, to)));
            assertThat(decisions).hasSize(to - again).noneMatch(Decision.Refused.class::isInstance);
            from = to;
        }
        assertThat(here.history.events()).isEqualTo(there.history.events());
        assertThat(here.state.hash()).isEqualTo(there.state.hash());
        assertThat(here.handle(append(past))).hasSize(past.size()).allMatch(Decision.Repeated.class::isInstance);
        assertThat(here.state.hash()).isEqualTo(there.state.hash());
    }

    @Test
    void the_books_go_on_after_it() {
        LedgerFixture there = LedgerFixture.openLedger();
        there.handle(post(transaction(usd("world", "alice", 100))));
        here.handle(append(past(there.history.events())));

        here.accept(TransactionPosted.class, post(transaction(usd("alice", "bob", 100))));

        assertThat(here.balance("bob")).isEqualTo(Amount.of(100));
        assertThat(here.history.head().sequence()).isEqualTo(3);
    }

    @Test
    void a_hole_an_edited_event_and_another_history_are_refused_with_the_sequence_and_change_nothing() {
        LedgerFixture there = LedgerFixture.openLedger();
        for (int i = 1; i <= 4; i++) {
            there.handle(post(transaction(usd("world", "alice", i))));
        }
        List<PastEvent> past = past(there.history.events());
        List<PastEvent> gap = new ArrayList<>(past);
        gap.remove(2);
        List<PastEvent> edited = new ArrayList<>(past);
        edited.set(3, withData(past.get(3), past.get(2).data()));
        LedgerFixture other = LedgerFixture.openLedger();
        other.handle(post(transaction(usd("world", "mallory", 1))));

        assertBroken(append(gap), 4, "the event after 2 is expected");
        assertBroken(append(edited), 4, "hash does not follow");
        assertBroken(append(past.subList(1, 5)), 2, "the event after 0 is expected");
        assertThat(here.history.events()).isEmpty();
        assertThat(here.state.isOpen()).isFalse();

        here.handle(append(past.subList(0, 2)));
        assertBroken(append(past(other.history.events())), 1, "another event there");
    }

    /** The hash is over what was stored; what happened is told in today's shape. */
    @Test
    void an_event_of_an_earlier_version_is_verified_and_kept_as_it_was_stored() {
        String type = "daybook.ledger-opened.v0";
        byte[] data = "{\"tags\":{}}".getBytes(StandardCharsets.UTF_8);
        UUID id = UUID.randomUUID();
        byte[] hash = HashChain.next(HashChain.genesis(), 1, LEDGER, 1, id, type, NOW, "r", "a", data);
        RecordedEvent recorded = new RecordedEvent(
                LEDGER,
                new Envelope(1, id, NOW, "r", "a", 1, HexFormat.of().formatHex(hash)),
                new LedgerOpened(null, Map.of()));

        List<Decision> decisions = here.handle(append(List.of(new PastEvent(recorded, type, data))));

        assertThat(decisions).singleElement().isInstanceOfSatisfying(Decision.Restored.class, restored -> {
            assertThat(restored.event().type()).isEqualTo(type);
            assertThat(restored.event().data()).isEqualTo(data);
        });
        assertThat(here.state.isOpen()).isTrue();
    }

    @Test
    void a_history_of_a_ledger_with_another_name_is_refused() {
        LedgerFixture there = LedgerFixture.openLedger();
        Rejection rejection = refusal(new AppendHistory(new LedgerId("beta"), past(there.history.events()), false));
        assertThat(rejection).isInstanceOfSatisfying(BrokenChain.class, broken -> {
            assertThat(broken.sequence()).isEqualTo(1);
            assertThat(broken.why()).contains("another name than 'beta'");
        });
    }

    /** Anybody can compute hashes; that does not make a history possible. */
    @Test
    void a_history_that_cannot_have_happened_is_refused_though_its_hashes_are_right() {
        LedgerFixture there = LedgerFixture.openLedger();
        UUID paid = there.accept(TransactionPosted.class, post(transaction(usd("world", "alice", 100))))
                .id();
        UUID placed =
                there.accept(HoldPlaced.class, hold("alice", "bob", 60, null)).id();
        here.handle(append(past(there.history.events())));

        assertForged("begins with the opening", new LedgerOpened(null, Map.of()));
        assertForged("has the id " + paid, posted(paid, null, 1));
        assertForged("has the id " + placed, posted(placed, null, 1));
        assertForged("take from an open hold", captured(HOLD, "alice", 10, 0, false));
        assertForged("take from an open hold", captured(placed, "world", 10, 0, false));
        assertForged("take from an open hold", captured(placed, "alice", 61, 0, true));
        assertForged("take from an open hold", captured(placed, "alice", 10, 0, true));
        assertForged(
                "release what is left",
                new HoldReleased(placed, new AccountAddress("alice"), USD, Amount.of(59), HoldReleased.Reason.VOIDED));
        assertForged("not a transaction", new TransactionReversed(HOLD, placed, postings(1), NOW, Map.of()));
        assertForged("does not exist", new MetadataChanged(new AccountAddress("nobody"), null, Map.of()));
        assertForged("something is missing", posted(null, null, 1));
        assertForged("leave the range", posted(HOLD, null, 0, Amount.MAX, Amount.MAX));

        UUID undone = there.accept(
                        TransactionPosted.class, post(transaction(new UUID(1, 1), "r", usd("world", "bob", 5))))
                .id();
        there.accept(TransactionReversed.class, reverse(undone));
        there.accept(HoldCaptured.class, capture(placed, 60L, true));
        here.handle(append(past(there.history.events())));
        assertForged(
                "reversed before",
                new TransactionReversed(HOLD, undone, usdPostings("bob", "world", 5), NOW, Map.of()));
        assertForged("has its reference", posted(HOLD, "r", 1));
        assertForged("take from an open hold", captured(placed, "alice", 1, 0, true));
    }

    @Test
    void a_reversal_moves_back_what_was_moved_and_nothing_else() {
        LedgerFixture there = LedgerFixture.openLedger();
        UUID paid = there.accept(
                        TransactionPosted.class,
                        post(transaction(usd("world", "alice", 100), usd("alice", "bob", 30), usd("bob", "carol", 30))))
                .id();
        here.handle(append(past(there.history.events())));
        Posting first = usdPostings("alice", "world", 100).getFirst();
        Posting second = usdPostings("bob", "alice", 30).getFirst();
        Posting third = usdPostings("carol", "bob", 30).getFirst();
        Posting less = usdPostings("alice", "world", 99).getFirst();
        Posting elsewhere = usdPostings("alice", "mallory", 100).getFirst();
        Posting other = new Posting(first.source(), first.destination(), new Asset("EUR/2"), first.amount());

        for (List<Posting> forged : List.of(
                List.of(third.opposite(), second.opposite(), first.opposite()),
                List.of(first, second, third),
                List.of(third, second),
                List.of(third, second, first, first),
                List.of(third, second, less),
                List.of(third, second, elsewhere),
                List.of(third, second, other))) {
            assertForged("not those of what it reverses", new TransactionReversed(HOLD, paid, forged, NOW, Map.of()));
        }

        // Also if both come in the same piece.
        LedgerFixture anew = new LedgerFixture();
        List<PastEvent> piece = past(there.history.events());
        piece.add(following(there.history.head(), new TransactionReversed(HOLD, paid, List.of(first), NOW, Map.of())));
        assertThat(anew.refuse(append(piece)))
                .isInstanceOfSatisfying(BrokenChain.class, broken -> assertThat(broken.sequence())
                        .isEqualTo(3));

        there.accept(TransactionReversed.class, reverse(paid));
        assertThat(here.handle(append(past(there.history.events())))).last().isInstanceOf(Decision.Restored.class);
    }

    @Test
    void a_hold_ends_as_its_time_and_its_rest_say() {
        LedgerFixture there = LedgerFixture.openLedger();
        there.handle(post(transaction(usd("world", "alice", 100))));
        Instant expiry = NOW.plusSeconds(60);
        UUID placed =
                there.accept(HoldPlaced.class, hold("alice", "bob", 60, expiry)).id();
        here.handle(append(past(there.history.events())));

        assertForged("take from an open hold", captured(placed, "alice", 0, 0, false));
        assertForged("take from an open hold", captured(placed, "alice", 10, 20, false));
        assertForged("take from an open hold", captured(placed, "alice", 10, -5, false));
        assertForged("take from an open hold", captured(placed, "alice", 10, 51, true));
        assertForged("had expired", captured(placed, "alice", 60, 0, true), expiry);
        assertForged(
                "metadata are not those of its hold",
                new HoldCaptured(
                        UUID.randomUUID(),
                        placed,
                        usdPostings("alice", "bob", 1),
                        Amount.ZERO,
                        false,
                        NOW,
                        Map.of("k", "v")));
        HoldReleased voided =
                new HoldReleased(placed, new AccountAddress("alice"), USD, Amount.of(60), HoldReleased.Reason.VOIDED);
        HoldReleased expired =
                new HoldReleased(placed, new AccountAddress("alice"), USD, Amount.of(60), HoldReleased.Reason.EXPIRED);
        assertForged("had expired, and was not voided", voided, expiry);
        assertForged("had not expired", expired, expiry.minusNanos(1_000));
        assertForged(
                "expired before it was placed",
                new HoldPlaced(HOLD, new AccountAddress("alice"), null, USD, Amount.of(1), expiry, Map.of()),
                expiry);
        assertForged(
                "world has no bounds",
                new AccountConfigured(AccountAddress.WORLD, Overdraft.NONE, Map.of(), false, Map.of(), false));
        assertForged(
                "world has no bounds",
                new AccountConfigured(AccountAddress.WORLD, Overdraft.UNLIMITED, Map.of(), true, Map.of(), false));

        assertThat(here.handle(append(List.of(following(here.history.head(), expired, expiry)))))
                .singleElement()
                .isInstanceOf(Decision.Restored.class);
    }

    private void assertForged(String why, LedgerEvent event) {
        assertForged(why, event, Instant.EPOCH);
    }

    private void assertForged(String why, LedgerEvent event, Instant recordedAt) {
        String stateBefore = here.state.hash();
        History.Head head = here.history.head();
        assertBroken(append(List.of(following(head, event, recordedAt))), head.sequence() + 1, why);
        assertThat(here.state.hash()).isEqualTo(stateBefore);
    }

    private void assertBroken(AppendHistory append, long sequence, String why) {
        assertThat(refusal(append)).isInstanceOfSatisfying(BrokenChain.class, broken -> {
            assertThat(broken.sequence()).isEqualTo(sequence);
            assertThat(broken.why()).contains(why);
        });
    }

    private Rejection refusal(AppendHistory append) {
        assertThat(Ledger.decide(append, here.state, here.history, NOW)).hasSize(1);
        return here.refuse(append);
    }

    @Test
    void the_version_of_the_chain_may_rise_and_never_falls_and_must_be_known() {
        PastEvent first = chained(History.Head.none(), 1, new LedgerOpened(null, Map.of("escape", "\u001b")));
        PastEvent second = chained(head(first), 2, new MetadataChanged(null, null, Map.of("escape", "\u001b")));
        PastEvent fallen = chained(head(second), 1, new MetadataChanged(null, null, Map.of()));
        PastEvent unknown = chained(head(second), 3, new MetadataChanged(null, null, Map.of()));

        assertBroken(append(List.of(first, second, fallen)), 3, "a ledger's version never falls");
        assertBroken(append(List.of(first, second, unknown)), 3, "version 3 of the chain, and this version of Daybook");
        here.handle(append(List.of(first, second)));
        assertBroken(append(List.of(fallen)), 3, "a ledger's version never falls");
        assertThat(here.history.events()).extracting(RecordedEvent::chain).containsExactly(1, 2);
    }

    private static PastEvent chained(History.Head head, int chain, LedgerEvent event) {
        String type = EventType.of(event).eventName();
        byte[] data = LedgerEventJson.canonical(JsonMapper.shared().valueToTree(event), chain);
        UUID id = UUID.randomUUID();
        long sequence = head.sequence() + 1;
        byte[] hash = HashChain.next(
                HexFormat.of().parseHex(head.hash()), chain, LEDGER, sequence, id, type, NOW, "r", "a", data);
        return new PastEvent(
                new RecordedEvent(
                        LEDGER,
                        new Envelope(
                                sequence,
                                id,
                                NOW,
                                "r",
                                "a",
                                chain,
                                HexFormat.of().formatHex(hash)),
                        event),
                type,
                data);
    }

    private static History.Head head(PastEvent last) {
        RecordedEvent recorded = last.recorded();
        return new History.Head(recorded.sequence(), recorded.chain(), recorded.hash());
    }

    private static AppendHistory append(List<PastEvent> events) {
        return new AppendHistory(LEDGER, events, false);
    }

    private static List<PastEvent> past(List<RecordedEvent> events) {
        return events.stream()
                .map(event -> new PastEvent(
                        event, EventType.of(event.event()).eventName(), LedgerEventJson.write(event.event())))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private static PastEvent withData(PastEvent past, byte[] data) {
        return new PastEvent(past.recorded(), past.type(), data);
    }

    private static PastEvent following(History.Head head, LedgerEvent event) {
        return following(head, event, Instant.EPOCH);
    }

    private static PastEvent following(History.Head head, LedgerEvent event, Instant recordedAt) {
        RecordedEvent recorded = JournalEntry.following(
                        head.hash(), LEDGER, head.sequence() + 1, UUID.randomUUID(), recordedAt, "r", "a", event, null)
                .event();
        return past(List.of(recorded)).getFirst();
    }

    private static TransactionPosted posted(@Nullable UUID id, @Nullable String reference, long cents) {
        return new TransactionPosted(id, reference, postings(cents), NOW, Map.of());
    }

    private static TransactionPosted posted(UUID id, @Nullable String reference, long cents, Amount... more) {
        List<Posting> postings = new ArrayList<>(postings(cents));
        for (Amount amount : more) {
            postings.add(new Posting(AccountAddress.WORLD, new AccountAddress("alice"), USD, amount));
        }
        return new TransactionPosted(id, reference, postings, NOW, Map.of());
    }

    private static HoldCaptured captured(UUID hold, String source, long cents, long released, boolean closes) {
        List<Posting> postings = usdPostings(source, "bob", cents);
        return new HoldCaptured(UUID.randomUUID(), hold, postings, Amount.of(released), closes, NOW, Map.of());
    }

    private static List<Posting> postings(long cents) {
        return usdPostings("world", "alice", cents);
    }

    private static List<Posting> usdPostings(String source, String destination, long cents) {
        return List.of(new Posting(new AccountAddress(source), new AccountAddress(destination), USD, Amount.of(cents)));
    }
}
