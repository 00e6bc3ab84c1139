package io.daybook.command.ledger;

import static io.daybook.command.ledger.LedgerFixture.LEDGER;
import static io.daybook.command.ledger.LedgerFixture.NOW;
import static io.daybook.command.ledger.LedgerFixture.USD;
import static io.daybook.command.ledger.LedgerFixture.allUsd;
import static io.daybook.command.ledger.LedgerFixture.atomically;
import static io.daybook.command.ledger.LedgerFixture.configure;
import static io.daybook.command.ledger.LedgerFixture.fresh;
import static io.daybook.command.ledger.LedgerFixture.keyed;
import static io.daybook.command.ledger.LedgerFixture.open;
import static io.daybook.command.ledger.LedgerFixture.openLedger;
import static io.daybook.command.ledger.LedgerFixture.post;
import static io.daybook.command.ledger.LedgerFixture.transaction;
import static io.daybook.command.ledger.LedgerFixture.usd;
import static org.assertj.core.api.Assertions.assertThat;

import io.daybook.command.ledger.Decision.Accepted;
import io.daybook.command.ledger.Decision.Refused;
import io.daybook.command.ledger.Decision.Repeated;
import io.daybook.command.ledger.Decision.Unchanged;
import io.daybook.command.ledger.LedgerCommand.ChangeMetadata;
import io.daybook.command.ledger.LedgerCommand.RequestedPosting;
import io.daybook.command.ledger.Rejection.AccountClosed;
import io.daybook.command.ledger.Rejection.AmountOutOfRange;
import io.daybook.command.ledger.Rejection.BalanceLimit;
import io.daybook.command.ledger.Rejection.DuplicateId;
import io.daybook.command.ledger.Rejection.DuplicateReference;
import io.daybook.command.ledger.Rejection.IdempotencyKeyReused;
import io.daybook.command.ledger.Rejection.InsufficientFunds;
import io.daybook.command.ledger.Rejection.LedgerExists;
import io.daybook.command.ledger.Rejection.LedgerNotFound;
import io.daybook.command.ledger.Rejection.NotApplied;
import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.BalanceLimits;
import io.daybook.events.LedgerEvent.AccountConfigured;
import io.daybook.events.LedgerEvent.TransactionPosted;
import io.daybook.events.Overdraft;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class LedgerTest {

    private static final AccountAddress ALICE = new AccountAddress("alice");
    private static final AccountAddress BOB = new AccountAddress("bob");

    private final LedgerFixture ledger = openLedger();

    private static Rejection refusal(List<Decision> decisions) {
        assertThat(decisions).hasSize(1);
        assertThat(decisions.getFirst()).isInstanceOf(Refused.class);
        return ((Refused) decisions.getFirst()).rejection();
    }

    @Nested
    class OpeningALedger {

        @Test
        void again_in_the_same_region_changes_nothing() {
            assertThat(ledger.handle(open(null))).singleElement().isInstanceOf(Unchanged.class);
        }

        @Test
        void again_in_another_region_is_refused() {
            assertThat(refusal(ledger.handle(open("eu")))).isEqualTo(new LedgerExists(LEDGER, null, false));
        }

        @Test
        void again_with_the_metadata_it_has_changes_nothing_and_with_other_is_refused() {
            ledger.handle(new ChangeMetadata(LEDGER, fresh(), null, null, Map.of("a", "b")));
            assertThat(ledger.handle(open(null)))
                    .as("with none named")
                    .singleElement()
                    .isInstanceOf(Unchanged.class);
            assertThat(ledger.handle(open(null, Map.of("a", "b"))))
                    .singleElement()
                    .isInstanceOf(Unchanged.class);
            for (Map<String, String> other :
                    List.of(Map.<String, String>of(), Map.of("a", "c"), Map.of("a", "b", "c", "d"))) {
                assertThat(refusal(ledger.handle(open(null, other)))).isEqualTo(new LedgerExists(LEDGER, null, true));
            }
            assertThat(refusal(ledger.handle(open("eu", Map.of("a", "b")))))
                    .isEqualTo(new LedgerExists(LEDGER, null, false));
        }

        @Test
        void must_come_before_anything_else() {
            LedgerFixture unopened = new LedgerFixture();
            assertThat(refusal(unopened.handle(post(transaction(usd("world", "alice", 1))))))
                    .isEqualTo(new LedgerNotFound(LEDGER));
            assertThat(refusal(unopened.handle(configure("alice", null, null, true))))
                    .isEqualTo(new LedgerNotFound(LEDGER));
        }
    }

    @Nested
    class Posting {

        @Test
        void keeps_one_asset_for_all_accounts_however_often_it_is_named() {
            ledger.handle(post(transaction(each("alice"), each("bob"))));

            Account alice = ledger.state.account(ALICE);
            Account bob = ledger.state.account(BOB);
            assertThat(alice.positions().getFirst().asset())
                    .isSameAs(bob.positions().getFirst().asset());
        }

        private static RequestedPosting each(String account) {
            return new RequestedPosting(
                    AccountAddress.WORLD, new AccountAddress(account), new Asset("EUR/2"), Amount.of(1));
        }

        @Test
        void moves_the_amount() {
            ledger.handle(post(transaction(usd("world", "alice", 100), usd("alice", "bob", 30))));

            assertThat(ledger.balance("world")).isEqualTo(Amount.of(-100));
            assertThat(ledger.balance("alice")).isEqualTo(Amount.of(70));
            assertThat(ledger.balance("bob")).isEqualTo(Amount.of(30));
        }

        @Test
        void counts_from_when_it_is_recorded_unless_told_otherwise() {
            ledger.handle(post(transaction(usd("world", "alice", 100))));
            assertThat(((TransactionPosted) ledger.history.events().getLast().event()).effectiveAt())
                    .isEqualTo(NOW);
        }

        @Test
        void more_than_there_is_tells_what_is_available() {
            ledger.handle(post(transaction(usd("world", "alice", 100))));
            assertThat(refusal(ledger.handle(post(transaction(usd("alice", "bob", 101))))))
                    .isEqualTo(new InsufficientFunds(ALICE, USD, Amount.of(100), Amount.of(101)));
        }

        @Test
        void is_all_or_nothing() {
            ledger.handle(post(transaction(usd("world", "alice", 100))));
            String before = ledger.state.hash();
            ledger.handle(post(transaction(usd("alice", "bob", 60), usd("alice", "carol", 60))));
            assertThat(ledger.state.hash()).isEqualTo(before);
        }

        @Test
        void applies_postings_in_their_order() {
            assertThat(ledger.handle(post(transaction(usd("alice", "bob", 10), usd("world", "alice", 10)))))
                    .singleElement()
                    .isInstanceOf(Refused.class);
            assertThat(ledger.handle(post(transaction(usd("world", "alice", 10), usd("alice", "bob", 10)))))
                    .singleElement()
                    .isInstanceOf(Accepted.class);
        }

        @Test
        void of_max_takes_all_that_is_available() {
            ledger.handle(configure("alice", new Overdraft.Limited(Map.of(USD, Amount.of(50))), null, null));
            ledger.handle(post(transaction(usd("world", "alice", 100))));
            ledger.handle(post(transaction(allUsd("alice", "bob"))));
            assertThat(ledger.balance("bob")).isEqualTo(Amount.of(150));
        }

        @Test
        void of_max_may_be_nothing() {
            assertThat(ledger.handle(post(transaction(allUsd("alice", "bob")))).getFirst())
                    .isInstanceOfSatisfying(
                            Accepted.class, accepted -> assertThat(((TransactionPosted) accepted.event()).postings())
                                    .singleElement()
                                    .extracting(io.daybook.events.Posting::amount)
                                    .isEqualTo(Amount.ZERO));
        }

        @Test
        void of_max_from_an_unlimited_source_has_no_meaning() {
            assertThat(refusal(ledger.handle(post(transaction(allUsd("world", "alice"))))))
                    .isEqualTo(new AmountOutOfRange(AccountAddress.WORLD, USD));
        }

        @Test
        void beyond_the_range_of_amounts_is_refused() {
            RequestedPosting most = new RequestedPosting(AccountAddress.WORLD, ALICE, USD, Amount.MAX);
            ledger.handle(post(transaction(most)));
            assertThat(ledger.balance("alice")).isEqualTo(Amount.MAX);
            assertThat(refusal(ledger.handle(post(transaction(usd("world", "alice", 1))))))
                    .isEqualTo(new AmountOutOfRange(ALICE, USD));
        }

        /** The destination could take more, but the source cannot give it. */
        @Test
        void out_of_range_is_told_of_the_account_whose_balance_it_is() {
            RequestedPosting most = new RequestedPosting(AccountAddress.WORLD, ALICE, USD, Amount.MAX);
            assertThat(refusal(ledger.handle(post(transaction(most, usd("world", "bob", 1))))))
                    .isEqualTo(new AmountOutOfRange(AccountAddress.WORLD, USD));
            ledger.handle(post(transaction(most)));
            assertThat(refusal(ledger.handle(post(transaction(usd("world", "bob", 1))))))
                    .isEqualTo(new AmountOutOfRange(AccountAddress.WORLD, USD));
            ledger.handle(configure("carol", Overdraft.UNLIMITED, null, null));
            assertThat(refusal(ledger.handle(post(transaction(usd("carol", "bob", 5), usd("carol", "alice", 1))))))
                    .isEqualTo(new AmountOutOfRange(ALICE, USD));
            ledger.handle(configure("alice", new Overdraft.Limited(Map.of(USD, Amount.MAX)), null, null));
            assertThat(refusal(ledger.handle(post(transaction(usd("bob", "carol", 1))))))
                    .isEqualTo(new InsufficientFunds(BOB, USD, Amount.ZERO, Amount.of(1)));
            ledger.handle(post(transaction(allUsd("alice", "carol"))));
            assertThat(ledger.balance("carol")).as("no posting moves more").isEqualTo(Amount.MAX);
        }
    }

    @Nested
    class Accounts {

        @Test
        void may_go_as_low_as_their_overdraft() {
            ledger.handle(configure("alice", new Overdraft.Limited(Map.of(USD, Amount.of(50))), null, null));
            assertThat(ledger.handle(post(transaction(usd("alice", "bob", 50)))).getFirst())
                    .isInstanceOf(Accepted.class);
            assertThat(refusal(ledger.handle(post(transaction(usd("alice", "bob", 1))))))
                    .isEqualTo(new InsufficientFunds(ALICE, USD, Amount.ZERO, Amount.of(1)));
        }

        /** What a refusal says to be available is what "max" takes. */
        @Test
        void have_available_what_both_overdraft_and_limits_let_go() {
            ledger.handle(post(transaction(usd("world", "alice", 100))));
            for (long min : new long[] {-30, 40, 150}) {
                ledger.handle(configure(
                        "alice",
                        new Overdraft.Limited(Map.of(USD, Amount.of(50))),
                        Map.of(USD, new BalanceLimits(Amount.of(min), null)),
                        null));
                Amount available = Amount.of(Math.max(0, 100 - min));
                assertThat(refusal(ledger.handle(post(transaction(usd("alice", "bob", 151))))))
                        .isEqualTo(new InsufficientFunds(ALICE, USD, available, Amount.of(151)));
                ledger.handle(post(transaction(allUsd("alice", "bob"))));
                assertThat(ledger.balance("bob")).isEqualTo(available);
                ledger.handle(post(transaction(usd("bob", "alice", available.low()))));
            }
        }

        @Test
        void may_go_below_zero_without_limit_if_unlimited() {
            ledger.handle(configure("alice", Overdraft.UNLIMITED, null, null));
            ledger.handle(post(transaction(usd("alice", "bob", 1_000_000))));
            assertThat(ledger.balance("alice")).isEqualTo(Amount.of(-1_000_000));
        }

        @Test
        void that_are_closed_neither_give_nor_take() {
            ledger.handle(post(transaction(usd("world", "alice", 100))));
            ledger.handle(configure("alice", null, null, true));
            assertThat(refusal(ledger.handle(post(transaction(usd("alice", "bob", 1))))))
                    .isEqualTo(new AccountClosed(ALICE));
            assertThat(refusal(ledger.handle(post(transaction(usd("world", "alice", 1))))))
                    .isEqualTo(new AccountClosed(ALICE));
        }

        @Test
        void keep_within_their_limits() {
            var limits = Map.of(USD, new BalanceLimits(Amount.of(10), Amount.of(100)));
            ledger.handle(configure("alice", null, limits, null));
            assertThat(refusal(ledger.handle(post(transaction(usd("world", "alice", 101))))))
                    .isEqualTo(new BalanceLimit(ALICE, USD, Amount.of(100)));
            ledger.handle(post(transaction(usd("world", "alice", 100))));
            assertThat(refusal(ledger.handle(post(transaction(usd("alice", "bob", 91))))))
                    .isEqualTo(new BalanceLimit(ALICE, USD, Amount.of(10)));
        }

        @Test
        void keep_what_a_configuration_leaves_out() {
            ledger.handle(configure("alice", Overdraft.UNLIMITED, null, null));
            ledger.handle(configure("alice", null, null, true));
            assertThat(ledger.state.settings(ALICE).overdraft()).isEqualTo(Overdraft.UNLIMITED);
        }

        @Test
        void are_made_once() {
            ledger.handle(configure("alice", Overdraft.UNLIMITED, null, null));
            ledger.handle(configure("alice", null, null, true));
            assertThat(ledger.history.events().stream()
                            .map(recorded -> recorded.event())
                            .filter(AccountConfigured.class::isInstance)
                            .map(event -> ((AccountConfigured) event).created()))
                    .containsExactly(true, false);
        }

        @Test
        void configured_as_they_are_stay_as_they_are() {
            ledger.handle(configure("alice", Overdraft.UNLIMITED, null, null));
            assertThat(ledger.handle(configure("alice", Overdraft.UNLIMITED, null, null)))
                    .singleElement()
                    .isInstanceOf(Unchanged.class);
        }
    }

    @Nested
    class Repeats {

        private final UUID id = UUID.randomUUID();

        @Test
        void with_the_same_key_and_body_give_what_was_recorded() {
            ledger.handle(post(keyed("k", "body", usd("world", "alice", 5))));
            assertThat(ledger.handle(post(keyed("k", "body", usd("world", "alice", 5)))))
                    .singleElement()
                    .isEqualTo(new Repeated(ledger.history.events().getLast()));
            assertThat(ledger.balance("alice")).isEqualTo(Amount.of(5));
        }

        @Test
        void with_the_same_key_and_another_body_are_refused() {
            ledger.handle(post(keyed("k", "body", usd("world", "alice", 5))));
            assertThat(refusal(ledger.handle(post(keyed("k", "other", usd("world", "alice", 6))))))
                    .isEqualTo(new IdempotencyKeyReused());
        }

        @Test
        void of_a_refused_command_are_tried_again() {
            assertThat(refusal(ledger.handle(post(keyed("k", "body", usd("alice", "bob", 5))))))
                    .isInstanceOf(InsufficientFunds.class);
            ledger.handle(post(transaction(usd("world", "alice", 5))));
            assertThat(ledger.handle(post(keyed("k", "body", usd("alice", "bob", 5))))
                            .getFirst())
                    .isInstanceOf(Accepted.class);
        }

        @Test
        void with_the_same_id_and_content_are_harmless() {
            ledger.handle(post(transaction(id, "invoice 1", usd("world", "alice", 5))));
            assertThat(ledger.handle(post(transaction(id, "invoice 1", usd("world", "alice", 5)))))
                    .singleElement()
                    .isInstanceOf(Repeated.class);
        }

        @Test
        void with_the_same_id_and_other_content_are_refused() {
            ledger.handle(post(transaction(id, null, usd("world", "alice", 5))));
            assertThat(refusal(ledger.handle(post(transaction(id, null, usd("world", "alice", 6))))))
                    .isEqualTo(new DuplicateId(id));
        }

        @Test
        void of_a_reference_are_refused() {
            ledger.handle(post(transaction(id, "invoice 1", usd("world", "alice", 5))));
            assertThat(refusal(
                            ledger.handle(post(transaction(UUID.randomUUID(), "invoice 1", usd("world", "alice", 5))))))
                    .isEqualTo(new DuplicateReference("invoice 1", id));
        }
    }

    @Nested
    class Batches {

        @Test
        void let_later_transactions_see_earlier_ones() {
            assertThat(ledger.handle(post(transaction(usd("world", "alice", 5)), transaction(usd("alice", "bob", 5)))))
                    .allMatch(Accepted.class::isInstance);
        }

        @Test
        void refuse_only_what_must_be_refused() {
            var decisions = ledger.handle(post(
                    transaction(usd("world", "alice", 5)),
                    transaction(usd("alice", "bob", 6)),
                    transaction(usd("alice", "bob", 5))));
            assertThat(decisions)
                    .extracting(Object::getClass)
                    .isEqualTo(List.of(Accepted.class, Refused.class, Accepted.class));
        }

        @Test
        void that_are_atomic_post_all_or_none() {
            String before = ledger.state.hash();
            var decisions = ledger.handle(
                    atomically(transaction(usd("world", "alice", 5)), transaction(usd("alice", "bob", 6))));
            assertThat(decisions)
                    .containsExactly(
                            new Refused(new NotApplied(1)),
                            new Refused(new InsufficientFunds(ALICE, USD, Amount.of(5), Amount.of(6))));
            assertThat(ledger.state.hash()).isEqualTo(before);
        }

        @Test
        void know_the_references_of_their_own_transactions() {
            UUID first = UUID.randomUUID();
            var decisions = ledger.handle(post(
                    transaction(first, "r", usd("world", "alice", 5)),
                    transaction(UUID.randomUUID(), "r", usd("world", "alice", 5))));
            assertThat(decisions.getLast()).isEqualTo(new Refused(new DuplicateReference("r", first)));
        }
    }

    @Test
    void every_asset_sums_to_zero() {
        ledger.handle(post(transaction(usd("world", "alice", 100), usd("alice", "bob", 30))));
        assertThat(ledger.state.sums()).containsExactly(Map.entry(USD, BigInteger.ZERO));
        assertThat(ledger.state.balance(BOB, USD)).isEqualTo(Amount.of(30));
    }
}
