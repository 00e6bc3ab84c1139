package io.daybook.query.store;

import io.daybook.events.LedgerId;
import io.daybook.stores.redis.BalanceKeys;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisURI;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Redis tells of ledgers that have come further. It is one subscription for all ledgers: a notice is a few bytes a batch,
 * and there is no moment at which a ledger is listened to but not yet subscribed.
 *
 * <p>A notice is a hint and may be lost, or come twice; whether it can come at all, and since when without a
 * gap, is told by {@link #subscription()}.
 */
public final class Notices implements AutoCloseable {

    /** No notice can come at the moment. */
    public static final long NO_SUBSCRIPTION = 0;

    private static final Logger LOG = LoggerFactory.getLogger(Notices.class);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final RedisClient client;
    private final RedisURI uri;
    private volatile @Nullable StatefulRedisPubSubConnection<String, String> connection;
    private final AtomicLong subscriptions = new AtomicLong();
    private volatile long current = NO_SUBSCRIPTION;
    private volatile boolean closed;

    Notices(RedisClient client, RedisURI uri) {
        this.client = client;
        this.uri = uri;
    }

    /**
     * Listens from now on, as soon as Redis is there and whenever it is there again. To be called once.
     *
     * @param onNotice is told a ledger and the sequence that it has come to; it must not block
     */
    public void listen(ObjLongConsumer<LedgerId> onNotice) {
        Thread.ofVirtual().name("notices").start(() -> {
            while (!closed && !subscribes(onNotice)) {
                try {
                    Thread.sleep(RETRY);
                } catch (InterruptedException e) {
                    return;
                }
            }
        });
    }

    /** The number of the subscription that there is, another one after each interruption, or {@link #NO_SUBSCRIPTION}. */
    public long subscription() {
        return current;
    }

    private boolean subscribes(ObjLongConsumer<LedgerId> onNotice) {
        StatefulRedisPubSubConnection<String, String> subscription = null;
        try {
            subscription = client.connectPubSub(uri);
            subscription.addListener(new Ear(onNotice));
            subscription.addListener(new RedisConnectionStateListener() {
                @Override
                public void onRedisDisconnected(RedisChannelHandler<?, ?> lost) {
                    current = NO_SUBSCRIPTION;
                }
            });
            // From here on Lettuce connects and subscribes again by itself.
            subscription.sync().psubscribe(BalanceKeys.notices());
            connection = subscription;
            if (closed) {
                subscription.close();
            }
            return true;
        } catch (RuntimeException e) {
            LOG.debug("cannot subscribe to notices yet", e);
            if (subscription != null) {
                subscription.close();
            }
            return false;
        }
    }

    private final class Ear extends RedisPubSubAdapter<String, String> {

        private final ObjLongConsumer<LedgerId> onNotice;

        Ear(ObjLongConsumer<LedgerId> onNotice) {
            this.onNotice = onNotice;
        }

        @Override
        public void psubscribed(String pattern, long count) {
            current = subscriptions.incrementAndGet();
        }

        @Override
        public void message(String pattern, String channel, String sequence) {
            try {
                onNotice.accept(BalanceKeys.ledger(channel), Long.parseLong(sequence));
            } catch (IllegalArgumentException e) {
                LOG.warn("'{}' on channel {} is not a notice", sequence, channel);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        StatefulRedisPubSubConnection<String, String> existing = connection;
        if (existing != null) {
            existing.close();
        }
    }
}
