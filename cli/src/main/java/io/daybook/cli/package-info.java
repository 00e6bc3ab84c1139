/** The {@code daybook} command: one class that names every command. Each capability has a package of its own below. */
@NullMarked
package io.daybook.cli;

import org.jspecify.annotations.NullMarked;
