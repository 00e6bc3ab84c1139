package io.daybook.command.aggregate;

import io.daybook.command.bus.Opener;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.messaging.unitofwork.RollbackConfigurationType;
import org.axonframework.modelling.command.AggregateNotFoundException;
import org.axonframework.modelling.command.Repository;

/** Reads a ledger from its snapshot and journal into the cache from which its writer takes it. */
final class LedgerOpener implements Opener {

    private final Repository<LedgerAggregate> ledgers;
    private final StrongCache cache;
    private final TransactionManager transactions;

    LedgerOpener(Repository<LedgerAggregate> ledgers, StrongCache cache, TransactionManager transactions) {
        this.ledgers = ledgers;
        this.cache = cache;
        this.transactions = transactions;
    }

    @Override
    public boolean isOpen(String ledger) {
        return cache.containsKey(ledger);
    }

    @Override
    public void forget(String ledger) {
        cache.remove(ledger);
    }

    /** A ledger that there is not stays so; its writer finds out itself. */
    @Override
    public void open(String ledger) {
        DefaultUnitOfWork<?> unit = DefaultUnitOfWork.startAndGet(
                new GenericCommandMessage<>(ledger)); // a repository expects one of commands
        unit.attachTransaction(transactions);
        var result = unit.executeWithResult(() -> ledgers.load(ledger), RollbackConfigurationType.ANY_THROWABLE);
        if (result.isExceptional() && !(result.exceptionResult() instanceof AggregateNotFoundException)) {
            throw new IllegalStateException("ledger " + ledger + " could not be read", result.exceptionResult());
        }
    }
}
