/** {@code /v1/operations/republications}: what operators ask of the topic of events. */
@NullMarked
package io.daybook.command.operations;

import org.jspecify.annotations.NullMarked;
