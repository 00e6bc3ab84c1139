package io.daybook.stores.redis;

import io.daybook.events.Asset;
import java.math.BigInteger;
import java.util.Map;
import java.util.stream.Stream;

/** The fields of the hash that an account of the balances is: three sums for each asset, and what it is configured to be. */
public final class AccountFields {

    /** A sum, in the asset's smallest units; the asset follows the name. A field that is not there is zero. */
    public enum Sum {
        /** All that ever came in. */
        INPUT("in:"),
        /** All that ever went out. */
        OUTPUT("out:"),
        /** What is set aside by holds. */
        HELD("held:");

        private final String before;

        Sum(String before) {
            this.before = before;
        }

        /** What the name begins with. */
        public String before() {
            return before;
        }

        public String of(Asset asset) {
            return before + asset.name();
        }

        /** Whether a field is a sum of this kind. */
        public boolean is(String field) {
            return field.startsWith(before);
        }

        /** The name of the asset that a field of this kind is of. */
        public String asset(String field) {
            return field.substring(before.length());
        }

        /** That of an asset, by its name. */
        public BigInteger in(Map<String, String> account, String asset) {
            return new BigInteger(account.getOrDefault(before + asset, "0"));
        }
    }

    /** All of it, as JSON. An account that was ever configured has it; one that was not may. */
    public static final String METADATA = "metadata";

    /** {@link #METADATA} of an account without any. */
    public static final String NO_METADATA = "{}";

    /** What an account allows, {@link io.daybook.stores.StoredAccountSettings} as JSON; earlier versions did not write it. */
    public static final String SETTINGS = "settings";

    private AccountFields() {}

    /** The names of the assets that an account has had to do with. */
    public static Stream<String> assets(Map<String, String> account) {
        return account.keySet().stream()
                .flatMap(field ->
                        Stream.of(Sum.values()).filter(sum -> sum.is(field)).map(sum -> sum.asset(field)))
                .distinct();
    }
}
