package io.daybook.command.bus;

import java.util.concurrent.CompletableFuture;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;

/**
 * Tells when what a unit of work led to is durable. That may be after the unit has committed, so that a writer can handle
 * its next batch meanwhile.
 */
@FunctionalInterface
public interface Durability {

    /** For handlers whose work is durable, if it has to be, when their unit of work has committed. */
    Durability WITH_COMMIT = unit -> null;

    /**
     * Asked for a unit that has committed. What it gives is done in the order of the units of one writer, and fails for
     * every unit behind one that failed ({@link BatchingCommandBus#onTheWay}).
     *
     * @return null if there is nothing that must be made durable
     */
    @Nullable CompletableFuture<?> of(UnitOfWork<?> unit);
}
