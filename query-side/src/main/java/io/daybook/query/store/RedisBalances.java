package io.daybook.query.store;

import io.daybook.events.AccountAddress;
import io.daybook.events.LedgerId;
import io.daybook.query.request.Json;
import io.daybook.query.request.LedgerProgress;
import io.daybook.stores.StoredAccountSettings;
import io.daybook.stores.redis.AccountFields;
import io.daybook.stores.redis.AccountFields.Sum;
import io.daybook.stores.redis.BalanceKeys;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The balances in Redis. When Redis is down or slow they are not there; the books have them too. */
public final class RedisBalances {

    /** The position and the account at one moment, in one round trip. */
    private static final String READ_ACCOUNT = "return {redis.call('GET', KEYS[1]), redis.call('HGETALL', KEYS[2])}";

    /**
     * A ledger's position and one of its accounts.
     *
     * @param sequence how far the ledger has come, or null if it is not there
     * @param account null if it is not there
     */
    public record Stored(@Nullable Long sequence, @Nullable StoredAccount account) {}

    /**
     * An account.
     *
     * @param funds by asset
     * @param settings null if it is not known here what they are: earlier versions did not keep them
     */
    public record StoredAccount(
            SortedMap<String, StoredFunds> funds,
            Json metadata,
            @Nullable StoredAccountSettings settings) {}

    /**
     * What an account has of an asset: balance = input − output.
     *
     * @param input all that ever came in
     * @param output all that ever went out
     * @param held set aside by holds
     */
    public record StoredFunds(BigInteger input, BigInteger output, BigInteger held) {}

    private static final int MAX_TRIES = 3;

    private final Redis redis;
    private volatile int generation = BalanceKeys.FIRST_GENERATION;
    private final Arrivals arrivals;

    RedisBalances(Redis redis, ParkedLedgers parked) {
        this.redis = redis;
        this.arrivals = new Arrivals(
                ledgers -> positions(ledgers)
                        .orElseThrow(() -> new IllegalStateException("Redis cannot be read at the moment")),
                (ledger, sequence) -> parked.obstacle("balances", ledger, sequence));
    }

    /** What there is of an account; empty if Redis cannot be read. */
    public Optional<Stored> account(LedgerId ledger, AccountAddress account) {
        return this.<List<@Nullable Object>>ask(
                        (commands, keys) -> commands.evalReadOnly(READ_ACCOUNT, ScriptOutputType.MULTI, new String[] {
                            keys.position(ledger), keys.account(ledger, account)
                        }))
                .map(answer -> stored(account, answer));
    }

    /** How far a ledger has come; empty if it is not there or Redis cannot be read. */
    public OptionalLong position(LedgerId ledger) {
        Long position = positions(Set.of(ledger)).orElse(Map.of()).get(ledger);
        return position == null ? OptionalLong.empty() : OptionalLong.of(position);
    }

    /** Of these balances. */
    public LedgerProgress progress() {
        return arrivals;
    }

    /** How far ledgers have come, without those that are not there; empty if Redis cannot be read. */
    private Optional<Map<LedgerId, Long>> positions(Set<LedgerId> ledgers) {
        List<LedgerId> asked = List.copyOf(ledgers);
        return ask((commands, keys) ->
                        commands.mget(asked.stream().map(keys::position).toArray(String[]::new)))
                .map(values -> {
                    Map<LedgerId, Long> positions = new HashMap<>();
                    for (int i = 0; i < asked.size(); i++) {
                        if (values.get(i).hasValue()) {
                            positions.put(
                                    asked.get(i), Long.valueOf(values.get(i).getValue()));
                        }
                    }
                    return positions;
                });
    }

    /**
     * Asks for keys of the live generation. Which one that is is asked with it; if it is another than was thought, once
     * more.
     */
    private <T> Optional<T> ask(
            BiFunction<RedisAsyncCommands<String, String>, BalanceKeys, CompletionStage<T>> question) {
        for (int tries = 0; tries < MAX_TRIES; tries++) {
            int assumed = generation;
            Optional<Answer<T>> answer = redis.ask(commands -> commands.get(BalanceKeys.LIVE_GENERATION)
                    .thenCombine(question.apply(commands, BalanceKeys.of(assumed)), Answer::new));
            if (answer.isEmpty()) {
                return Optional.empty();
            }
            int live = BalanceKeys.liveGeneration(answer.get().generation());
            if (live == assumed) {
                return Optional.of(answer.get().value());
            }
            generation = live;
        }
        return Optional.empty();
    }

    private record Answer<T>(@Nullable String generation, T value) {}

    private static Stored stored(AccountAddress account, List<@Nullable Object> answer) {
        Map<String, String> fields = new TreeMap<>();
        List<?> pairs = (List<?>) answer.get(1);
        for (int i = 0; pairs != null && i + 1 < pairs.size(); i += 2) {
            fields.put((String) pairs.get(i), (String) pairs.get(i + 1));
        }
        String sequence = (String) answer.getFirst();
        return new Stored(
                sequence == null ? null : Long.valueOf(sequence), fields.isEmpty() ? null : account(account, fields));
    }

    private static StoredAccount account(AccountAddress address, Map<String, String> fields) {
        SortedMap<String, StoredFunds> funds = new TreeMap<>();
        AccountFields.assets(fields)
                .forEach(asset -> funds.put(
                        asset,
                        new StoredFunds(
                                Sum.INPUT.in(fields, asset),
                                Sum.OUTPUT.in(fields, asset),
                                Sum.HELD.in(fields, asset))));
        String metadata = fields.get(AccountFields.METADATA);
        return new StoredAccount(
                funds, metadata == null ? Json.EMPTY_OBJECT : new Json(metadata), settings(address, fields));
    }

    /** One that was ever configured has metadata too. */
    private static @Nullable StoredAccountSettings settings(AccountAddress address, Map<String, String> fields) {
        String settings = fields.get(AccountFields.SETTINGS);
        if (settings != null) {
            return StoredAccountSettings.ofJson(settings);
        }
        boolean neverConfigured = address.isWorld() || !fields.containsKey(AccountFields.METADATA);
        return neverConfigured ? StoredAccountSettings.initial(address) : null;
    }
}
