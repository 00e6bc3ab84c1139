package io.daybook.command.holds;

import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventhandling.tokenstore.UnableToClaimTokenException;

/**
 * Who of several nodes does some work at a time: one that has the claim, as processors of events have claims of their tokens. Of a
 * node that is gone another has it after {@link io.daybook.axon.Tokens#CLAIM}.
 */
final class ExpiryClaim {

    private final String work;
    private final TokenStore tokens;
    private final TransactionManager transactions;
    private boolean held;

    /**
     * @param work its name, which no processor has
     */
    ExpiryClaim(String work, TokenStore tokens, TransactionManager transactions) {
        this.work = work;
        this.tokens = tokens;
        this.transactions = transactions;
    }

    /** Takes it, or extends it; false if another node has it. */
    boolean take() {
        try {
            transactions.executeInTransaction(() -> {
                if (tokens.fetchSegments(work).length == 0) {
                    tokens.initializeTokenSegments(work, 1);
                }
                tokens.fetchToken(work, 0);
            });
            held = true;
        } catch (UnableToClaimTokenException another) {
            held = false;
        }
        return held;
    }

    /** Another node may have it at once. */
    void release() {
        if (held) {
            held = false;
            transactions.executeInTransaction(() -> tokens.releaseClaim(work, 0));
        }
    }
}
