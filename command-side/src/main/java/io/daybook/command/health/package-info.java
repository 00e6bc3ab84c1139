/** What the command side tells of its stores. */
@NullMarked
package io.daybook.command.health;

import org.jspecify.annotations.NullMarked;
