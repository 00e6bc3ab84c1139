/** Where HTTP requests become commands, and what came of them becomes answers. */
@NullMarked
package io.daybook.command.intake;

import org.jspecify.annotations.NullMarked;
