package io.daybook.projections.posting;

import io.daybook.projections.posting.Simulation.Host;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import org.axonframework.common.AxonTransientException;
import org.axonframework.common.transaction.Transaction;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.tokenstore.TokenStore;

/** The real token store and its transactions, with what can come between them and a process. */
final class SimulatedTokens {

    static final class Away extends AxonTransientException {

        private static final long serialVersionUID = 1L;

        Away(String message) {
            super(message);
        }
    }

    private final Simulation simulation;
    private Instant awayUntil = Instant.MIN;
    private int failures;
    private int failedCommits;
    private int lostCommits;
    private int failedReleases;
    private long committed;

    SimulatedTokens(Simulation simulation) {
        this.simulation = simulation;
    }

    void goAway(Duration time) {
        awayUntil = simulation.clock().instant().plus(time);
    }

    /** So many of what it is asked for fail, here and there. */
    void fail(int many) {
        failures = many;
    }

    /** So many transactions are rolled back when they should be committed. */
    void failCommits(int many) {
        failedCommits = many;
    }

    /** So many transactions are committed, and whoever did that does not hear of it. */
    void loseCommits(int many) {
        lostCommits = many;
    }

    /** So many claims are not released by those who give them up. */
    void failReleases(int many) {
        failedReleases = many;
    }

    /** How many transactions were: as long as no other is, nothing changes in the database. */
    long committed() {
        return committed;
    }

    void recover() {
        awayUntil = Instant.MIN;
        failures = 0;
        failedCommits = 0;
        lostCommits = 0;
        failedReleases = 0;
    }

    TokenStore store(Host host, TokenStore tokens) {
        return (TokenStore) Proxy.newProxyInstance(
                TokenStore.class.getClassLoader(), new Class<?>[] {TokenStore.class}, (proxy, method, arguments) -> {
                    host.isAlive();
                    if (awayUntil.isAfter(simulation.clock().instant())) {
                        throw new Away("the token store is away");
                    }
                    if (failures > 0 && simulation.oneIn(2)) {
                        failures--;
                        simulation.note("%s: the token store fails in %s", host, method.getName());
                        throw new Away("the token store fails in " + method.getName());
                    }
                    if (failedReleases > 0 && method.getName().equals("releaseClaim")) {
                        failedReleases--;
                        simulation.note("%s: the token store fails to release segment %s", host, arguments[1]);
                        throw new Away("the claim is not released");
                    }
                    try {
                        return method.invoke(tokens, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    TransactionManager transactions(Host host, TransactionManager transactions) {
        return () -> {
            host.isAlive();
            Transaction transaction = transactions.startTransaction();
            return new Transaction() {
                @Override
                public void commit() {
                    if (host.isKilled()) {
                        transaction.rollback();
                        host.isAlive();
                    }
                    if (failedCommits > 0 && simulation.oneIn(2)) {
                        failedCommits--;
                        simulation.note("%s: a commit fails", host);
                        transaction.rollback();
                        throw new Away("the commit failed");
                    }
                    transaction.commit();
                    committed++;
                    if (lostCommits > 0 && simulation.oneIn(2)) {
                        lostCommits--;
                        simulation.note("%s: a commit is not confirmed", host);
                        throw new Away("the commit was not confirmed");
                    }
                }

                @Override
                public void rollback() {
                    transaction.rollback();
                }
            };
        };
    }
}
