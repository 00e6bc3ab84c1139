package io.daybook.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GrammarTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"a", "acme-eu", "a1", "a--", "abcdefghijklmnopqrstuvwxyz0123456789-abcdefghijklmnopqrstuvwxyz"})
    void ledgers(String name) {
        assertThat(new LedgerId(name)).hasToString(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "A",
                "1a",
                "-a",
                "a_b",
                "a.b",
                "ä",
                "abcdefghijklmnopqrstuvwxyz0123456789-abcdefghijklmnopqrstuvwxyz0"
            })
    void no_ledgers(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> new LedgerId(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"world", "users:42:wallet", "A_b-9"})
    void accounts(String address) {
        assertThat(new AccountAddress(address)).hasToString(address);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":", "a:", ":a", "a::b", "a b", "a/b", "ü"})
    void no_accounts(String address) {
        assertThatIllegalArgumentException().isThrownBy(() -> new AccountAddress(address));
    }

    @Test
    void an_account_has_at_most_255_characters() {
        assertThat(new AccountAddress("a".repeat(255)).value()).hasSize(255);
        assertThatIllegalArgumentException().isThrownBy(() -> new AccountAddress("a".repeat(256)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"USD/2", "BTC/8", "POINTS", "A", "ABCDEFGHIJ123456/18"})
    void assets(String name) {
        assertThat(new Asset(name)).hasToString(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "usd", "USD/", "USD/123", "USD/x", "1USD", "USD/2/2", "ABCDEFGHIJ1234567", "/2"})
    void no_assets(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Asset(name));
    }

    @Test
    void an_asset_has_a_code_and_decimals() {
        assertThat(new Asset("BTC/8").code()).isEqualTo("BTC");
        assertThat(new Asset("BTC/8").decimals()).isEqualTo(8);
        assertThat(new Asset("POINTS").decimals()).isZero();
    }
}
