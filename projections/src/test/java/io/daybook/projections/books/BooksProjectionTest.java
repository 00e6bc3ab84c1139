package io.daybook.projections.books;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.LedgerEvent.AccountConfigured;
import io.daybook.events.LedgerEvent.HoldCaptured;
import io.daybook.events.LedgerEvent.HoldPlaced;
import io.daybook.events.LedgerEvent.HoldReleased;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.LedgerEvent.MetadataChanged;
import io.daybook.events.LedgerEvent.TransactionPosted;
import io.daybook.events.LedgerEvent.TransactionReversed;
import io.daybook.events.Overdraft;
import io.daybook.events.Posting;
import io.daybook.projections.History;
import io.daybook.projections.feed.BooksSchemas;
import io.daybook.projections.projection.PublishedEvent;
import io.daybook.services.SharedServices;
import io.daybook.stores.BooksDatabase;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** What the books have after each kind of event. */
class BooksProjectionTest {

    private static final Asset USD = new Asset("USD/2");
    private static final AccountAddress WORLD = AccountAddress.WORLD;
    private static final AccountAddress ALICE = new AccountAddress("alice");
    private static final AccountAddress SHOP = new AccountAddress("shop");
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

    private static JdbcTemplate books;
    private static BooksProjection projection;

    @BeforeAll
    static void connect() {
        var services = SharedServices.get().isolated();
        var source = new SingleConnectionDataSource(
                services.get("daybook.books.jdbc-url"),
                services.get("daybook.books.username"),
                services.get("daybook.books.password"),
                true);
        new BooksSchemas(source).migrate();
        books = new JdbcTemplate(source);
        books.execute("set search_path = " + BooksDatabase.SEARCH_PATH);
        projection = new BooksProjection(books);
    }

    private static Posting usd(AccountAddress source, AccountAddress destination, long amount) {
        return new Posting(source, destination, USD, Amount.of(amount));
    }

    private static TransactionPosted posted(UUID id, Instant effectiveAt, Posting... postings) {
        return new TransactionPosted(id, null, List.of(postings), effectiveAt, Map.of("of", "posting"));
    }

    private static HoldPlaced held(UUID id, AccountAddress source, long amount) {
        return new HoldPlaced(id, source, SHOP, USD, Amount.of(amount), NOON.plusSeconds(60), Map.of("card", "1234"));
    }

    private static HoldCaptured captured(UUID id, UUID hold, long amount, long released, boolean closes) {
        return new HoldCaptured(
                id, hold, List.of(usd(ALICE, SHOP, amount)), Amount.of(released), closes, NOON, Map.of("card", "1234"));
    }

    private static HoldReleased released(UUID hold, AccountAddress source, long amount, HoldReleased.Reason reason) {
        return new HoldReleased(hold, source, USD, Amount.of(amount), reason);
    }

    private static List<String> lines(String sql, Object... arguments) {
        return books.queryForList(sql, String.class, arguments);
    }

    private static String hold(UUID id) {
        return books.queryForObject(
                "select concat_ws(' ', state, amount, captured, remaining, changed) from hold where id = ?",
                String.class,
                id);
    }

    /** In one batch and in a batch for each event. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_hold_is_placed_captured_in_parts_and_closed(boolean atOnce) {
        History history = new History("card-" + atOnce);
        UUID hold = UUID.randomUUID();
        UUID capture = UUID.randomUUID();
        history.add(new LedgerOpened(null, Map.of()));
        history.add(posted(UUID.randomUUID(), NOON, usd(WORLD, ALICE, 1000)));
        history.add(held(hold, ALICE, 600));
        history.add(captured(capture, hold, 250, 0, false));
        history.add(captured(UUID.randomUUID(), hold, 300, 50, true));

        apply(history, atOnce);

        assertThat(hold(hold)).isEqualTo("captured 600 550 0 5");
        assertThat(lines("select distinct chain::text from event where ledger = ?", "card-" + atOnce))
                .containsExactly("2");
        assertThat(lines(
                        "select sequence || ' ' || held from held where ledger = ? and account = 'alice' order by sequence",
                        "card-" + atOnce))
                .containsExactly("3 600", "4 350", "5 0");
        assertThat(lines(
                        "select concat_ws(' ', account, input, output, held) from balance where ledger = ? order by 1",
                        "card-" + atOnce))
                .containsExactly("alice 1000 550 0", "shop 550 0 0", "world 0 1000 0");
        assertThat(lines("select hold::text from transaction where id = ?", capture))
                .containsExactly(hold.toString());
        assertThat(lines("select transactions || ' ' || accounts from ledger where ledger = ?", "card-" + atOnce))
                .containsExactly("3 3");
    }

    private static void apply(History history, boolean atOnce) {
        if (atOnce) {
            projection.apply(history.events());
        } else {
            history.events().forEach(event -> projection.apply(List.of(event)));
        }
    }

    @Test
    void a_hold_ends_voided_or_expired_and_makes_the_account_that_it_is_of() {
        History history = new History("ends");
        UUID voided = UUID.randomUUID();
        UUID expired = UUID.randomUUID();
        history.add(new LedgerOpened(null, Map.of()));
        history.add(held(voided, ALICE, 600));
        history.add(held(expired, ALICE, 5));
        projection.apply(history.events());
        assertThat(lines("select account || ' ' || first_sequence from account where ledger = 'ends' order by 1"))
                .containsExactly("alice 2", "world 1");
        assertThat(lines("select concat_ws(' ', input, output, held) from balance where ledger = 'ends'"))
                .containsExactly("0 0 605");

        projection.apply(List.of(
                history.add(released(voided, ALICE, 600, HoldReleased.Reason.VOIDED)),
                history.add(released(expired, ALICE, 5, HoldReleased.Reason.EXPIRED))));

        assertThat(hold(voided)).isEqualTo("voided 600 0 0 4");
        assertThat(hold(expired)).isEqualTo("expired 5 0 0 5");
        assertThat(lines("select held::text from held where ledger = 'ends' order by sequence"))
                .containsExactly("600", "605", "5", "0");
    }

    @Test
    void what_takes_from_a_hold_more_than_it_has_stops_the_books() {
        History history = new History("wrong");
        UUID hold = UUID.randomUUID();
        history.add(new LedgerOpened(null, Map.of()));
        history.add(held(hold, ALICE, 10));
        projection.apply(history.events());

        PublishedEvent tooMuch = history.add(captured(UUID.randomUUID(), hold, 10, 1, true));

        assertThatIllegalStateException()
                .isThrownBy(() -> projection.apply(List.of(tooMuch)))
                .withMessage("event 3 of ledger wrong takes what hold " + hold + " has not");
        assertThat(lines("select sequence::text from ledger where ledger = 'wrong'"))
                .containsExactly("2");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_reversal_is_linked_both_ways(boolean atOnce) {
        History history = new History("refund-" + atOnce);
        UUID sale = UUID.randomUUID();
        UUID refund = UUID.randomUUID();
        history.add(new LedgerOpened(null, Map.of()));
        history.add(posted(sale, NOON, usd(WORLD, ALICE, 1000)));
        history.add(new TransactionReversed(refund, sale, List.of(usd(ALICE, WORLD, 1000)), NOON, Map.of()));

        apply(history, atOnce);

        assertThat(lines(
                        "select concat_ws(' ', sequence, reverses, reversed_by) from transaction where ledger = ? order by sequence",
                        "refund-" + atOnce))
                .containsExactly("2 " + refund, "3 " + sale);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void metadata_is_as_it_was_set_last_and_that_of_accounts_has_a_history(boolean atOnce) {
        String ledger = "metadata-" + atOnce;
        History history = new History(ledger);
        UUID sale = UUID.randomUUID();
        history.add(new LedgerOpened(null, Map.of("team", "a")));
        history.add(posted(sale, NOON, usd(WORLD, ALICE, 1000)));
        history.add(new MetadataChanged(ALICE, null, Map.of("tier", "gold")));
        history.add(new AccountConfigured(ALICE, Overdraft.UNLIMITED, Map.of(), true, Map.of("tier", "none"), false));
        history.add(new MetadataChanged(ALICE, null, Map.of("tier", "silver")));
        history.add(new MetadataChanged(null, sale, Map.of("case", "open")));
        history.add(new MetadataChanged(null, sale, Map.of("case", "closed")));
        history.add(new MetadataChanged(null, null, Map.of("team", "b")));

        apply(history, atOnce);

        assertThat(lines("select metadata ->> 'team' from ledger where ledger = ?", ledger))
                .containsExactly("b");
        assertThat(lines("select metadata::text from transaction where id = ?", sale))
                .containsExactly("{\"case\": \"closed\"}");
        assertThat(lines(
                        "select closed || ' ' || (metadata ->> 'tier') from account where ledger = ? and account = 'alice'",
                        ledger))
                .containsExactly("true silver");
        assertThat(lines(
                        "select sequence || ' ' || (metadata ->> 'tier') from account_metadata where ledger = ? order by sequence",
                        ledger))
                .containsExactly("3 gold", "4 none", "5 silver");
    }

    @Test
    void entries_are_added_to_their_own_days_and_hours_when_there_are_enough() {
        History history = new History("backdated");
        history.add(new LedgerOpened(null, Map.of()));
        history.add(posted(UUID.randomUUID(), Instant.parse("0001-01-01T00:59:59.999999Z"), usd(WORLD, ALICE, 1)));
        history.add(posted(UUID.randomUUID(), Instant.parse("1969-12-31T23:00:00Z"), usd(WORLD, ALICE, 2)));
        history.add(posted(UUID.randomUUID(), NOON.plusSeconds(3_599), usd(ALICE, WORLD, 3)));
        for (int entries = 3; entries < Checkpoints.ENTRIES - 1; entries++) {
            history.add(posted(UUID.randomUUID(), NOON, usd(WORLD, ALICE, 1)));
        }
        projection.apply(history.events());
        assertThat(hours()).isEmpty();

        projection.apply(List.of(
                history.add(posted(UUID.randomUUID(), NOON.plusSeconds(3_600), usd(ALICE, WORLD, 4))),
                history.add(posted(UUID.randomUUID(), NOON.plusSeconds(3_600), usd(ALICE, WORLD, 1)))));
        assertThat(hours())
                .containsExactly("0001-01-01 00 1 0", "1969-12-31 23 2 0", "2026-01-31 12 60 3", "2026-01-31 13 0 5");
        assertThat(lines("""
                        select concat_ws(' ', day, input, output)
                          from turnover_day where ledger = 'backdated' and account = 'alice' order by day
                        """)).containsExactly("0001-01-01 1 0", "1969-12-31 2 0", "2026-01-31 60 8");

        List<PublishedEvent> more = new ArrayList<>();
        for (int entries = 0; entries < Checkpoints.ENTRIES; entries++) {
            more.add(history.add(posted(UUID.randomUUID(), NOON, usd(WORLD, ALICE, 1))));
        }
        projection.apply(more);
        assertThat(hours())
                .containsExactly("0001-01-01 00 1 0", "1969-12-31 23 2 0", "2026-01-31 12 124 3", "2026-01-31 13 0 5");
    }

    private List<String> hours() {
        return lines("""
                        select concat_ws(' ', to_char(hour at time zone 'UTC', 'YYYY-MM-DD HH24'), input, output)
                          from turnover_hour where ledger = 'backdated' and account = 'alice' order by hour
                        """);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void checkpoints_and_holds_agree_with_all_entries_however_the_events_are_split(long seed) {
        System.out.println("seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        String ledger = "random-" + seed;
        RandomHistory history = new RandomHistory(ledger, random);
        List<PublishedEvent> events = history.events(1_000);

        for (int from = 0; from < events.size(); ) {
            int to = Math.min(events.size(), from + 1 + random.nextInt(100));
            projection.apply(events.subList(Math.max(0, from - 5), to)); // some come again
            from = to;
        }

        for (String part : List.of("hour", "day")) {
            assertThat(lines(
                            """
                            select concat_ws(' ', account, asset, start, a.input, a.output, b.input, b.output)
                              from (select account, asset, @::timestamp as start, input, output
                                      from turnover_# where ledger = ?) a
                              full join (select account, asset, date_trunc('#', effective_at at time zone 'UTC') as start,
                                                sum(greatest(amount, 0)) as input, sum(greatest(-amount, 0)) as output
                                           from account_entry join balance using (ledger, account, asset)
                                          where ledger = ? and sequence <= folded group by 1, 2, 3) b
                             using (account, asset, start)
                             where a.input is distinct from b.input or a.output is distinct from b.output
                            """.replace("#", part)
                                    .replace("@", part.equals("day") ? "day" : "(hour at time zone 'UTC')"),
                            ledger,
                            ledger))
                    .isEmpty();
        }
        assertThat(lines("""
                        select concat_ws(' ', account, asset, unfolded, count(sequence))
                          from balance left join account_entry using (ledger, account, asset)
                         where ledger = ? and (sequence > folded or sequence is null)
                         group by account, asset, unfolded having unfolded <> count(sequence) or unfolded >= 64
                        """, ledger)).isEmpty();
        assertThat(lines("select count(*)::text from turnover_hour where ledger = ?", ledger))
                .doesNotContain("0");
        assertThat(lines("select concat_ws(' ', id, state, captured, remaining) from hold where ledger = ?", ledger))
                .containsExactlyInAnyOrderElementsOf(history.holds());
        assertThat(lines("""
                        select concat_ws(' ', account, asset, held, open)
                          from (select account, asset, held from balance where ledger = ?) b
                          full join (select source as account, asset, sum(remaining) as open
                                       from hold where ledger = ? group by 1, 2) h using (account, asset)
                         where coalesce(held, 0) <> coalesce(open, 0)
                        """, ledger, ledger)).isEmpty();
        assertThat(lines("""
                        select b.account || ' ' || b.asset
                          from balance b
                          join lateral (select held, recorded_at from held h
                                         where h.ledger = b.ledger and h.account = b.account and h.asset = b.asset
                                         order by sequence desc limit 1) last on true
                         where b.ledger = ? and (b.held <> last.held or b.held_at <> last.recorded_at)
                        """, ledger)).isEmpty();
        assertThat(lines(
                        "select (sum(input) - sum(output))::text from balance where ledger = ? group by asset", ledger))
                .allMatch("0"::equals);
    }

    @Test
    void what_another_has_written_meanwhile_is_read_again() {
        History history = new History("shared");
        history.add(new LedgerOpened(null, Map.of()));
        history.add(posted(UUID.randomUUID(), NOON, usd(WORLD, ALICE, 10)));
        projection.apply(history.events());

        new BooksProjection(books).apply(List.of(history.add(posted(UUID.randomUUID(), NOON, usd(WORLD, ALICE, 1)))));
        projection.apply(List.of(history.add(posted(UUID.randomUUID(), NOON, usd(WORLD, ALICE, 1)))));

        assertThat(lines("select input::text from balance where ledger = 'shared' and account = 'alice'"))
                .containsExactly("12");

        // As far as it was, but not what it was: somebody has begun anew.
        books.update("update balance set input = 50 where ledger = 'shared' and account = 'alice'");
        books.update("update ledger set sequence = sequence where ledger = 'shared'");
        projection.apply(List.of(history.add(posted(UUID.randomUUID(), NOON, usd(WORLD, ALICE, 1)))));

        assertThat(lines("select input::text from balance where ledger = 'shared' and account = 'alice'"))
                .containsExactly("51");
    }

    /** As in a repair, whose batches are not bounded in postings. */
    @Test
    void a_batch_may_touch_more_balances_than_are_kept() {
        History history = new History("large");
        history.add(new LedgerOpened(null, Map.of()));
        for (int i = 0; i < 20; i++) {
            history.add(posted(UUID.randomUUID(), NOON, usd(WORLD, new AccountAddress("account:" + i % 10), 1)));
        }

        new BooksProjection(books, new Written(5), new Unwritten(books)).apply(history.events());

        assertThat(lines("select distinct input || ' ' || output from balance where ledger = 'large' order by 1"))
                .containsExactly("0 20", "2 0");
    }

    @Test
    void amounts_of_any_length_are_written_as_they_are() {
        History history = new History("long");
        Amount largest = Amount.of(new BigInteger("9".repeat(30)));
        history.add(new LedgerOpened(null, Map.of()));
        for (long amount : new long[] {1, 9_999, 10_000, 10_001, 100_000_000, Long.MAX_VALUE}) {
            history.add(posted(UUID.randomUUID(), NOON, usd(WORLD, ALICE, amount)));
        }
        history.add(posted(UUID.randomUUID(), NOON, new Posting(WORLD, SHOP, USD, largest)));
        projection.apply(history.events());

        assertThat(
                        lines(
                                "select amount::text from account_entry where ledger = 'long' and account <> 'world' order by sequence"))
                .containsExactly("1", "9999", "10000", "10001", "100000000", "9223372036854775807", "9".repeat(30));
        assertThat(lines("""
                        select distinct output - (select sum(-amount) from account_entry where ledger = 'long' and account = 'world')
                          from balance where ledger = 'long' and account = 'world'
                        """)).containsExactly("0");
    }
}
