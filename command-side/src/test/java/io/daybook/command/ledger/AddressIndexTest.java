package io.daybook.command.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.daybook.events.AccountAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressIndexTest {

    private static final String CHARACTERS = "ab0_-Z";
    private static final int LOOK_UPS = 20_000;

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, 42, Long.MAX_VALUE, Long.MIN_VALUE, 0x9E3779B97F4A7C15L})
    void is_a_map_from_addresses_to_their_numbers(long seed) {
        AddressIndex index = new AddressIndex(seed);
        Map<AccountAddress, Integer> model = new HashMap<>();
        Random random = new Random(seed);
        for (int i = 0; i < LOOK_UPS; i++) {
            AccountAddress address = address(random);
            Integer known = model.get(address);
            assertThat(index.find(address)).isEqualTo(known == null ? AddressIndex.NONE : known);
            if (known == null) {
                model.put(address, model.size());
                assertThat(index.add(address)).isEqualTo(model.get(address));
            }
        }
        assertThat(index.size()).isEqualTo(model.size());
        IntFunction<AccountAddress> addresses = index.addresses();
        model.forEach((address, number) -> assertThat(addresses.apply(number)).isEqualTo(address));
    }

    /** Short ones come again, and some are as long as can be. */
    private static AccountAddress address(Random random) {
        int length = random.nextInt(50) == 0 ? AccountAddress.MAX_LENGTH : 1 + random.nextInt(5);
        StringBuilder address = new StringBuilder();
        for (int i = 0; i < length; i++) {
            boolean isSeparator = i % 2 == 1 && i < length - 1 && random.nextBoolean();
            address.append(isSeparator ? ':' : CHARACTERS.charAt(random.nextInt(CHARACTERS.length())));
        }
        return new AccountAddress(address.toString());
    }

    @Test
    void the_addresses_of_a_moment_are_there_whatever_comes_later() {
        AddressIndex index = new AddressIndex(42);
        index.add(new AccountAddress("first"));
        index.add(new AccountAddress("second:one"));
        IntFunction<AccountAddress> then = index.addresses();
        for (int i = 0; i < 10_000; i++) {
            index.add(new AccountAddress("users:" + i));
        }

        assertThat(then.apply(0)).hasToString("first");
        assertThat(then.apply(1)).hasToString("second:one");
        assertThat(index.find(new AccountAddress("users:9999"))).isEqualTo(10_001);
    }
}
