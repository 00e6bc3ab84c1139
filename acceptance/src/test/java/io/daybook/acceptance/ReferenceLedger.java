package io.daybook.acceptance;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;

/** What a ledger should do, in few words and one asset: the referee of {@link ModelIT}. It knows nothing of Daybook. */
final class ReferenceLedger {

    sealed interface Command {}

    /** An amount that is null is all that is available. */
    record Posting(String source, String destination, Long amount) {}

    /**
     * @param min the least balance, or null for none
     */
    record Configure(String account, long overdraft, Long min, boolean closed) implements Command {}

    record Post(UUID id, String reference, List<Posting> postings) implements Command {}

    record Batch(boolean atomic, List<Post> posts) implements Command {}

    record Reverse(UUID transaction) implements Command {}

    record Place(UUID id, String source, long amount) implements Command {}

    record Capture(UUID hold, String destination, Long amount, boolean last) implements Command {}

    record Release(UUID hold) implements Command {}

    /**
     * @param code {@value #DONE}, {@value #REPEATED} or the code of a problem
     * @param amounts those of the transaction's postings
     * @param available with {@code insufficient-funds}
     */
    record Outcome(String code, List<Long> amounts, Long available) {
        static Outcome done(List<Long> amounts) {
            return new Outcome(DONE, amounts, null);
        }
    }

    static final String DONE = "done";
    static final String REPEATED = "repeated";

    private record Account(long balance, long held, long overdraft, Long min, boolean closed) {
        private static final Account NEW = new Account(0, 0, 0, null, false);
    }

    private record Hold(String source, long remaining) {}

    private static final class Refused extends RuntimeException {
        private final Outcome outcome;

        Refused(String code, Long available) {
            super(code, null, false, false);
            this.outcome = new Outcome(code, List.of(), available);
        }
    }

    private Map<String, Account> accounts = new HashMap<>();
    private Map<UUID, Post> transactions = new HashMap<>();
    private Set<String> references = new HashSet<>();
    private final Map<UUID, List<Long>> moved = new HashMap<>();
    private final Set<UUID> reversed = new HashSet<>();
    private final Map<UUID, Hold> holds = new HashMap<>();
    private final Set<UUID> ended = new HashSet<>();

    /** Account to "balance held available", without those where nothing is. */
    Map<String, String> books() {
        Map<String, String> books = new TreeMap<>();
        accounts.forEach((name, account) -> {
            if (account.balance() != 0 || account.held() != 0) {
                String available = name.equals("world")
                        ? "unlimited"
                        : Long.toString(account.closed() ? 0 : Math.max(0, available(name)));
                books.put(name, account.balance() + " " + account.held() + " " + available);
            }
        });
        return books;
    }

    /** One outcome, for a batch one for each of its transactions. */
    List<Outcome> handle(Command command) {
        return switch (command) {
            case Batch batch -> batch(batch);
            case Post post -> List.of(attempt(() -> post(post)));
            case Configure configure -> List.of(attempt(() -> configure(configure)));
            case Reverse reverse -> List.of(attempt(() -> reverse(reverse)));
            case Place place -> List.of(attempt(() -> place(place)));
            case Capture capture -> List.of(attempt(() -> capture(capture)));
            case Release release -> List.of(attempt(() -> release(release)));
        };
    }

    private Outcome attempt(Supplier<Outcome> action) {
        Map<String, Account> before = new HashMap<>(accounts);
        try {
            return action.get();
        } catch (Refused refused) {
            accounts = before;
            return refused.outcome;
        }
    }

    private List<Outcome> batch(Batch batch) {
        Map<String, Account> accountsBefore = new HashMap<>(accounts);
        Map<UUID, Post> transactionsBefore = new HashMap<>(transactions);
        Set<String> referencesBefore = new HashSet<>(references);
        List<Outcome> outcomes = new ArrayList<>();
        for (Post post : batch.posts()) {
            Outcome outcome = attempt(() -> post(post));
            outcomes.add(outcome);
            if (batch.atomic() && !outcome.code().equals(DONE)) {
                accounts = accountsBefore;
                transactions = transactionsBefore;
                references = referencesBefore;
                return batch.posts().stream()
                        .map(other -> other == post ? outcome : new Outcome("not-applied", List.of(), null))
                        .toList();
            }
        }
        return outcomes;
    }

    private Outcome post(Post post) {
        Post earlier = transactions.get(post.id());
        if (earlier != null) {
            refuseIf(!isRepeat(post, earlier), "duplicate-id");
            return new Outcome(REPEATED, List.of(), null);
        }
        refuseIf(post.reference() != null && references.contains(post.reference()), "duplicate-reference");
        Outcome outcome = Outcome.done(post.postings().stream().map(this::move).toList());
        transactions.put(post.id(), post);
        moved.put(post.id(), outcome.amounts());
        if (post.reference() != null) {
            references.add(post.reference());
        }
        return outcome;
    }

    /** What was recorded is a repeat of whatever would have asked for it: "all that is available" asks for any amount. */
    private boolean isRepeat(Post post, Post earlier) {
        boolean same = Objects.equals(post.reference(), earlier.reference())
                && post.postings().size() == earlier.postings().size();
        for (int i = 0; same && i < post.postings().size(); i++) {
            Posting asked = post.postings().get(i);
            Posting done = earlier.postings().get(i);
            same = asked.source().equals(done.source())
                    && asked.destination().equals(done.destination())
                    && (asked.amount() == null
                            || asked.amount().equals(moved.get(post.id()).get(i)));
        }
        return same;
    }

    private Outcome reverse(Reverse reverse) {
        Post post = transactions.get(reverse.transaction());
        refuseIf(post == null, "transaction-not-found");
        refuseIf(reversed.contains(reverse.transaction()), "already-reversed");
        List<Long> amounts = new ArrayList<>();
        for (int i = post.postings().size() - 1; i >= 0; i--) {
            Posting posting = post.postings().get(i);
            amounts.add(move(new Posting(
                    posting.destination(),
                    posting.source(),
                    moved.get(post.id()).get(i))));
        }
        reversed.add(reverse.transaction());
        return Outcome.done(amounts);
    }

    private Outcome place(Place place) {
        refuseIf(account(place.source()).closed(), "account-closed");
        refuseIfMore(place.amount(), place.source());
        change(place.source(), 0, place.amount());
        holds.put(place.id(), new Hold(place.source(), place.amount()));
        return Outcome.done(List.of());
    }

    private Outcome capture(Capture capture) {
        Hold hold = open(capture.hold());
        long amount = capture.amount() == null ? hold.remaining() : capture.amount();
        refuseIf(amount > hold.remaining(), "capture-exceeds-hold");
        refuseIf(
                account(hold.source()).closed()
                        || account(capture.destination()).closed(),
                "account-closed");
        long left = hold.remaining() - amount;
        boolean closes = capture.last() || left == 0;
        change(hold.source(), -amount, -(closes ? hold.remaining() : amount));
        change(capture.destination(), amount, 0);
        end(capture.hold(), closes ? null : new Hold(hold.source(), left));
        return Outcome.done(List.of(amount));
    }

    private Outcome release(Release release) {
        Hold hold = open(release.hold());
        change(hold.source(), 0, -hold.remaining());
        end(release.hold(), null);
        return Outcome.done(List.of());
    }

    private Outcome configure(Configure configure) {
        Account before = account(configure.account());
        accounts.put(
                configure.account(),
                new Account(
                        before.balance(), before.held(), configure.overdraft(), configure.min(), configure.closed()));
        return Outcome.done(List.of());
    }

    private Hold open(UUID id) {
        refuseIf(ended.contains(id), "hold-not-open");
        refuseIf(!holds.containsKey(id), "hold-not-found");
        return holds.get(id);
    }

    private void end(UUID id, Hold rest) {
        if (rest == null) {
            holds.remove(id);
            ended.add(id);
        } else {
            holds.put(id, rest);
        }
    }

    private long move(Posting posting) {
        refuseIf(
                account(posting.source()).closed()
                        || account(posting.destination()).closed(),
                "account-closed");
        refuseIf(posting.amount() == null && posting.source().equals("world"), "amount-out-of-range");
        long amount = posting.amount() == null ? Math.max(0, available(posting.source())) : posting.amount();
        refuseIfMore(amount, posting.source());
        change(posting.source(), -amount, 0);
        change(posting.destination(), amount, 0);
        return amount;
    }

    private void refuseIfMore(long amount, String source) {
        if (amount > 0 && !source.equals("world") && amount > available(source)) {
            Account account = account(source);
            boolean passesOverdraft = amount > account.balance() - account.held() + account.overdraft();
            throw passesOverdraft
                    ? new Refused("insufficient-funds", Math.max(0, available(source)))
                    : new Refused("balance-limit", null);
        }
    }

    private long available(String name) {
        Account account = account(name);
        long floor = account.min() == null ? -account.overdraft() : Math.max(-account.overdraft(), account.min());
        return account.balance() - account.held() - floor;
    }

    private Account account(String name) {
        return accounts.getOrDefault(name, Account.NEW);
    }

    private void change(String name, long balance, long held) {
        Account before = account(name);
        accounts.put(
                name,
                new Account(
                        before.balance() + balance,
                        before.held() + held,
                        before.overdraft(),
                        before.min(),
                        before.closed()));
    }

    private static void refuseIf(boolean condition, String code) {
        if (condition) {
            throw new Refused(code, null);
        }
    }
}
