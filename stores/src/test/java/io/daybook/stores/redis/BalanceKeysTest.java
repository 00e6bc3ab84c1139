package io.daybook.stores.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.daybook.events.AccountAddress;
import io.daybook.events.Asset;
import io.daybook.events.LedgerId;
import io.daybook.stores.StoredAccountSettings;
import io.daybook.stores.redis.AccountFields.Sum;
import java.math.BigInteger;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What is in Redis was written under these names, and is found by them. */
class BalanceKeysTest {

    private static final LedgerId ACME = new LedgerId("acme");

    @Test
    void areWhatTheyAlwaysWere() {
        BalanceKeys first = BalanceKeys.of(BalanceKeys.liveGeneration(null));
        assertThat(first.position(ACME)).isEqualTo("daybook:{acme}:sequence");
        assertThat(first.writer(ACME)).isEqualTo("daybook:{acme}:writer");
        assertThat(first.count(ACME)).isEqualTo("daybook:{acme}:accounts");
        assertThat(first.account(ACME, new AccountAddress("users:1"))).isEqualTo("daybook:{acme}:account:users:1");
        assertThat(first.anew().position(ACME)).isEqualTo("daybook:{acme}:sequence-anew");
        assertThat(BalanceKeys.of(BalanceKeys.liveGeneration("7")).position(ACME))
                .isEqualTo("daybook:7:{acme}:sequence");
        assertThat(BalanceKeys.LIVE_GENERATION).isEqualTo("daybook:generation");
        assertThat(BalanceKeys.notices(ACME)).isEqualTo("daybook:{acme}:notices");
        assertThat(OutcomeKeys.of(new UUID(0, 1))).isEqualTo("daybook:command:00000000-0000-0000-0000-000000000001");
        assertThat(Sum.INPUT.of(new Asset("USD/2"))).isEqualTo("in:USD/2");
        assertThat(Sum.OUTPUT.of(new Asset("USD/2"))).isEqualTo("out:USD/2");
        assertThat(Sum.HELD.of(new Asset("USD/2"))).isEqualTo("held:USD/2");
        assertThat(StoredAccountSettings.initial(new AccountAddress("a")).json())
                .isEqualTo("{\"overdraft\":{},\"limits\":{},\"closed\":false}");
        assertThat(StoredAccountSettings.initial(AccountAddress.WORLD).json())
                .isEqualTo("{\"overdraft\":\"unlimited\",\"limits\":{},\"closed\":false}");
    }

    @Test
    void tellWhatTheyAreOf() {
        BalanceKeys keys = BalanceKeys.of(3);
        String account = keys.account(ACME, "writer");
        assertThat(BalanceKeys.ledger(account)).isEqualTo(ACME);
        assertThat(BalanceKeys.ledger(BalanceKeys.notices(ACME))).isEqualTo(ACME);
        assertThat(BalanceKeys.isAccount(account)).isTrue();
        assertThat(BalanceKeys.isAccount(keys.count(ACME))).isFalse();
        assertThat(BalanceKeys.isOfWriting(account)).isFalse();
        assertThat(BalanceKeys.isOfWriting(keys.writer(ACME))).isTrue();
        assertThat(BalanceKeys.isOfWriting(keys.count(ACME))).isTrue();
        assertThat(BalanceKeys.isOfWriting(keys.position(ACME))).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BalanceKeys.ledger(BalanceKeys.LIVE_GENERATION))
                .withMessage("'daybook:generation' is not of a ledger, whose name would be in braces");
    }

    @Test
    void leadToSumsByAsset() {
        Map<String, String> account =
                Map.of("in:USD/2", "7", "held:USD/2", "2", "out:EUR/2", "1", "metadata", "{}", "settings", "{}");
        assertThat(AccountFields.assets(account)).containsExactlyInAnyOrder("USD/2", "EUR/2");
        assertThat(Sum.INPUT.in(account, "USD/2")).isEqualTo(BigInteger.valueOf(7));
        assertThat(Sum.OUTPUT.in(account, "USD/2")).isZero();
    }
}
