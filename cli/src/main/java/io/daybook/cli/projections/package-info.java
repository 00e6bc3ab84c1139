/** {@code daybook projections}: how far what queries are answered from has come, and with what it waits. */
@NullMarked
package io.daybook.cli.projections;

import org.jspecify.annotations.NullMarked;
