package io.daybook.bench.history;

import com.github.f4b6a3.uuid.UuidCreator;
import io.daybook.bench.transfers.Flow;
import io.daybook.bench.transfers.Flow.Transfer;
import io.daybook.bench.transfers.TransferScenario;
import io.daybook.command.store.JournalEntry;
import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.HashChain;
import io.daybook.events.LedgerEvent;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.LedgerEvent.TransactionPosted;
import io.daybook.events.LedgerId;
import io.daybook.events.Posting;
import io.daybook.events.RecordedEvent;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;

/** What some ledgers record: each is opened, then a unit at a time moves between two of its accounts. Always the same. */
public final class SampleHistory {

    public static final int LEDGERS = 16;
    public static final int ACCOUNTS = 1_000;

    public static final Asset USD = new Asset("USD/2");
    private static final Amount ONE = Amount.of(1);

    private final String prefix;
    private final SplittableRandom random = new SplittableRandom(4);
    private final Map<LedgerId, RecordedEvent> last = new HashMap<>();

    /**
     * @param prefix begins the names of its ledgers
     */
    public SampleHistory(String prefix) {
        this.prefix = prefix;
    }

    /** The next events; first those that open the ledgers, then those of any of them. */
    public List<JournalEntry> next(int events) {
        List<JournalEntry> entries = new ArrayList<>(events);
        for (int i = 0; i < events; i++) {
            int ledger = last.size() < LEDGERS ? last.size() : random.nextInt(LEDGERS);
            JournalEntry entry = next(ledger(prefix, ledger));
            last.put(entry.event().ledger(), entry.event());
            entries.add(entry);
        }
        return entries;
    }

    public static LedgerId ledger(String prefix, int number) {
        return new LedgerId(prefix + "-" + number);
    }

    private JournalEntry next(LedgerId ledger) {
        RecordedEvent before = last.get(ledger);
        UUID id = UuidCreator.getTimeOrderedEpochFast();
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        return JournalEntry.following(
                before == null ? HexFormat.of().formatHex(HashChain.genesis()) : before.hash(),
                ledger,
                before == null ? RecordedEvent.FIRST_SEQUENCE : before.sequence() + 1,
                id,
                now,
                "bench",
                "bench",
                before == null ? new LedgerOpened(null, Map.of()) : posted(id, now),
                null);
    }

    private LedgerEvent posted(UUID id, Instant now) {
        Transfer next = Flow.ANY_BOUNDED_TO_ANY.next(random, ACCOUNTS);
        return new TransactionPosted(
                id,
                null,
                List.of(new Posting(account(next.source()), account(next.destination()), USD, ONE)),
                now,
                Map.of());
    }

    private static AccountAddress account(int index) {
        return new AccountAddress(TransferScenario.account(index));
    }
}
