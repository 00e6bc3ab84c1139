package io.daybook.command.ledger;

import static io.daybook.command.ledger.LedgerFixture.LEDGER;
import static io.daybook.command.ledger.LedgerFixture.NOW;
import static io.daybook.command.ledger.LedgerFixture.USD;
import static io.daybook.command.ledger.LedgerFixture.capture;
import static io.daybook.command.ledger.LedgerFixture.configure;
import static io.daybook.command.ledger.LedgerFixture.fresh;
import static io.daybook.command.ledger.LedgerFixture.hold;
import static io.daybook.command.ledger.LedgerFixture.openLedger;
import static io.daybook.command.ledger.LedgerFixture.post;
import static io.daybook.command.ledger.LedgerFixture.reverse;
import static io.daybook.command.ledger.LedgerFixture.transaction;
import static io.daybook.command.ledger.LedgerFixture.usd;
import static org.assertj.core.api.Assertions.assertThat;

import io.daybook.command.ledger.LedgerCommand.ChangeMetadata;
import io.daybook.command.ledger.LedgerCommand.ExpireHold;
import io.daybook.command.ledger.LedgerCommand.RequestedPosting;
import io.daybook.command.ledger.LedgerCommand.VoidHold;
import io.daybook.command.ledger.Rejection.AccountClosed;
import io.daybook.command.ledger.Rejection.AccountNotFound;
import io.daybook.command.ledger.Rejection.AlreadyReversed;
import io.daybook.command.ledger.Rejection.AmountOutOfRange;
import io.daybook.command.ledger.Rejection.CaptureExceedsHold;
import io.daybook.command.ledger.Rejection.ExpiryPassed;
import io.daybook.command.ledger.Rejection.HoldNotFound;
import io.daybook.command.ledger.Rejection.HoldNotOpen;
import io.daybook.command.ledger.Rejection.InsufficientFunds;
import io.daybook.command.ledger.Rejection.NoDestination;
import io.daybook.command.ledger.Rejection.TransactionNotFound;
import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.LedgerEvent.HoldCaptured;
import io.daybook.events.LedgerEvent.HoldPlaced;
import io.daybook.events.LedgerEvent.HoldReleased;
import io.daybook.events.LedgerEvent.MetadataChanged;
import io.daybook.events.LedgerEvent.TransactionPosted;
import io.daybook.events.LedgerEvent.TransactionReversed;
import io.daybook.events.Overdraft;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Holds, reversals and metadata. */
class HoldsTest {

    private static final AccountAddress ALICE = new AccountAddress("alice");

    private final LedgerFixture ledger = openLedger();

    @BeforeEach
    void alice_has_ten_dollars() {
        ledger.handle(post(transaction(usd("world", "alice", 1_000))));
    }

    @Nested
    class Placing {

        @Test
        void sets_aside_what_is_no_longer_available() {
            ledger.accept(HoldPlaced.class, hold("alice", "shop", 600, null));
            assertThat(ledger.balance("alice")).isEqualTo(Amount.of(1_000));
            assertThat(ledger.held("alice")).isEqualTo(Amount.of(600));
            assertThat(ledger.refuse(post(transaction(usd("alice", "bob", 401)))))
                    .isEqualTo(new InsufficientFunds(ALICE, USD, Amount.of(400), Amount.of(401)));
        }

        @Test
        void out_of_range_is_told_of_the_account_whose_balance_it_is() {
            ledger.handle(configure("rich", Overdraft.UNLIMITED, null, null));
            ledger.handle(post(transaction(new RequestedPosting(new AccountAddress("rich"), ALICE, USD, most()))));
            assertThat(ledger.refuse(hold("rich", "alice", 1_001, null)))
                    .isEqualTo(new AmountOutOfRange(new AccountAddress("rich"), USD));
            HoldPlaced placed = ledger.accept(HoldPlaced.class, hold("rich", "alice", 1, null));
            assertThat(ledger.refuse(capture(placed.id(), null, false))).isEqualTo(new AmountOutOfRange(ALICE, USD));
        }

        /** With which alice has all that an account can have. */
        private static Amount most() {
            return Amount.MAX.minus(Amount.of(1_000));
        }

        @Test
        void takes_no_more_than_is_available() {
            ledger.accept(HoldPlaced.class, hold("alice", null, 600, null));
            assertThat(ledger.refuse(hold("alice", null, 401, null)))
                    .isEqualTo(new InsufficientFunds(ALICE, USD, Amount.of(400), Amount.of(401)));
        }

        @Test
        void may_use_the_overdraft() {
            ledger.handle(configure("alice", new Overdraft.Limited(Map.of(USD, Amount.of(500))), null, null));
            ledger.accept(HoldPlaced.class, hold("alice", null, 1_500, null));
        }

        @Test
        void leaves_nothing_for_max() {
            ledger.accept(HoldPlaced.class, hold("alice", null, 600, null));
            ledger.handle(post(transaction(LedgerFixture.allUsd("alice", "bob"))));
            assertThat(ledger.balance("bob")).isEqualTo(Amount.of(400));
        }

        @Test
        void needs_an_open_account_and_a_time_to_come() {
            assertThat(ledger.refuse(hold("alice", null, 1, NOW))).isEqualTo(new ExpiryPassed(NOW));
            ledger.handle(configure("alice", null, null, true));
            assertThat(ledger.refuse(hold("alice", null, 1, null))).isEqualTo(new AccountClosed(ALICE));
        }
    }

    @Nested
    class Capturing {

        private UUID id;

        @BeforeEach
        void six_dollars_are_held() {
            id = ledger.accept(HoldPlaced.class, hold("alice", "shop", 600, NOW.plusSeconds(60)))
                    .id();
        }

        @Test
        void in_steps_moves_part_after_part() {
            assertThat(ledger.accept(HoldCaptured.class, capture(id, 200L, false))
                            .closes())
                    .isFalse();
            assertThat(ledger.held("alice")).isEqualTo(Amount.of(400));
            assertThat(ledger.accept(HoldCaptured.class, capture(id, null, false))
                            .closes())
                    .isTrue();
            assertThat(ledger.balance("shop")).isEqualTo(Amount.of(600));
            assertThat(ledger.held("alice")).isEqualTo(Amount.ZERO);
            assertThat(ledger.refuse(capture(id, 1L, false))).isEqualTo(new HoldNotOpen(id));
        }

        @Test
        void finally_releases_the_rest() {
            HoldCaptured captured = ledger.accept(HoldCaptured.class, capture(id, 200L, true));
            assertThat(captured.released()).isEqualTo(Amount.of(400));
            assertThat(ledger.held("alice")).isEqualTo(Amount.ZERO);
            assertThat(ledger.balance("alice")).isEqualTo(Amount.of(800));
        }

        @Test
        void more_than_is_left_is_refused() {
            assertThat(ledger.refuse(capture(id, 601L, false)))
                    .isEqualTo(new CaptureExceedsHold(id, USD, Amount.of(600), Amount.of(601)));
        }

        @Test
        void keeps_the_promise_when_the_overdraft_is_taken_away() {
            ledger.handle(configure("bob", Overdraft.UNLIMITED, null, null));
            UUID promised = ledger.accept(HoldPlaced.class, hold("bob", "shop", 50, null))
                    .id();
            ledger.handle(configure("bob", Overdraft.NONE, null, null));
            ledger.accept(HoldCaptured.class, capture(promised, null, false));
            assertThat(ledger.balance("bob")).isEqualTo(Amount.of(-50));
        }

        @Test
        void needs_a_destination() {
            UUID open = ledger.accept(HoldPlaced.class, hold("alice", null, 10, null))
                    .id();
            assertThat(ledger.refuse(capture(open, 10L, false))).isEqualTo(new NoDestination(open));
        }

        @Test
        void after_its_time_is_refused_even_if_nobody_has_released_it_yet() {
            ledger.now = NOW.plusSeconds(60);
            assertThat(ledger.refuse(capture(id, 1L, false))).isEqualTo(new HoldNotOpen(id));
        }

        @Test
        void of_an_unknown_hold_is_refused() {
            UUID unknown = new UUID(1, 2);
            assertThat(ledger.refuse(capture(unknown, 1L, false))).isEqualTo(new HoldNotFound(unknown));
        }
    }

    @Nested
    class Ending {

        @Test
        void by_a_void_releases_all() {
            UUID id = ledger.accept(HoldPlaced.class, hold("alice", "shop", 600, null))
                    .id();
            HoldReleased released = ledger.accept(HoldReleased.class, new VoidHold(LEDGER, fresh(), id));
            assertThat(released.reason()).isEqualTo(HoldReleased.Reason.VOIDED);
            assertThat(ledger.held("alice")).isEqualTo(Amount.ZERO);
            assertThat(ledger.refuse(new VoidHold(LEDGER, fresh(), id))).isEqualTo(new HoldNotOpen(id));
        }

        @Test
        void by_time_happens_once_and_not_before() {
            UUID id = ledger.accept(HoldPlaced.class, hold("alice", "shop", 600, NOW.plusSeconds(60)))
                    .id();
            assertThat(ledger.refuse(new ExpireHold(LEDGER, fresh(), id))).isEqualTo(new HoldNotOpen(id));
            ledger.now = NOW.plusSeconds(60);
            HoldReleased released = ledger.accept(HoldReleased.class, new ExpireHold(LEDGER, fresh(), id));
            assertThat(released.reason()).isEqualTo(HoldReleased.Reason.EXPIRED);
            assertThat(ledger.refuse(new ExpireHold(LEDGER, fresh(), id))).isEqualTo(new HoldNotOpen(id));
        }
    }

    @Nested
    class Reversing {

        @Test
        void moves_the_money_back_once() {
            UUID id = ledger.accept(TransactionPosted.class, post(transaction(usd("alice", "bob", 300))))
                    .id();
            TransactionReversed reversal = ledger.accept(TransactionReversed.class, reverse(id));
            assertThat(reversal.reverses()).isEqualTo(id);
            assertThat(ledger.balance("alice")).isEqualTo(Amount.of(1_000));
            assertThat(ledger.refuse(reverse(id))).isEqualTo(new AlreadyReversed(id, reversal.id()));
        }

        @Test
        void is_refused_if_the_money_is_gone() {
            UUID id = ledger.accept(TransactionPosted.class, post(transaction(usd("alice", "bob", 300))))
                    .id();
            ledger.handle(post(transaction(usd("bob", "carol", 1))));
            assertThat(ledger.refuse(reverse(id)))
                    .isEqualTo(new InsufficientFunds(new AccountAddress("bob"), USD, Amount.of(299), Amount.of(300)));
            assertThat(ledger.balance("bob")).isEqualTo(Amount.of(299));
        }

        @Test
        void of_a_hold_or_of_nothing_is_refused() {
            UUID hold = ledger.accept(HoldPlaced.class, hold("alice", null, 1, null))
                    .id();
            assertThat(ledger.refuse(reverse(hold))).isEqualTo(new TransactionNotFound(hold));
        }
    }

    @Nested
    class Metadata {

        private MetadataChanged change(AccountAddress account, UUID transaction, String key, String value) {
            Map<String, String> changes = new HashMap<>();
            changes.put(key, value);
            return ledger.accept(
                    MetadataChanged.class, new ChangeMetadata(LEDGER, fresh(), account, transaction, changes));
        }

        @Test
        void is_merged_and_null_removes() {
            change(ALICE, null, "a", "1");
            assertThat(change(ALICE, null, "b", "2").metadata()).isEqualTo(Map.of("a", "1", "b", "2"));
            assertThat(change(ALICE, null, "a", null).metadata()).isEqualTo(Map.of("b", "2"));
        }

        @Test
        void of_a_transaction_goes_on_from_its_last_change() {
            UUID id = ledger.accept(TransactionPosted.class, post(transaction(usd("alice", "bob", 1))))
                    .id();
            change(null, id, "a", "1");
            assertThat(change(null, id, "b", "2").metadata()).isEqualTo(Map.of("a", "1", "b", "2"));
        }

        @Test
        void of_the_ledger_is_kept() {
            change(null, null, "a", "1");
            assertThat(ledger.state.opened().metadata()).isEqualTo(Map.of("a", "1"));
        }

        @Test
        void of_what_does_not_exist_is_refused() {
            AccountAddress nobody = new AccountAddress("nobody");
            assertThat(ledger.refuse(new ChangeMetadata(LEDGER, fresh(), nobody, null, Map.of("a", "1"))))
                    .isEqualTo(new AccountNotFound(nobody));
        }
    }
}
