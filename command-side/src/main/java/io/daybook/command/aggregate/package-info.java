/** The ledger as an Axon aggregate: a thin shell around the domain that records what it decides. */
@NullMarked
package io.daybook.command.aggregate;

import org.jspecify.annotations.NullMarked;
