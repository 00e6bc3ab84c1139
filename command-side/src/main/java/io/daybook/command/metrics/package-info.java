/** What the command side tells of itself in numbers. */
@NullMarked
package io.daybook.command.metrics;

import org.jspecify.annotations.NullMarked;
