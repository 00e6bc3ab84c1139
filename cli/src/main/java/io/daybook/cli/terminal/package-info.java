/** How a command speaks to the person who called it: progress while it runs, one clear sentence when it cannot go on. */
@NullMarked
package io.daybook.cli.terminal;

import org.jspecify.annotations.NullMarked;
