/** Bringing an installation up, taking it down, and asking how it is. */
@NullMarked
package io.daybook.cli.lifecycle;

import org.jspecify.annotations.NullMarked;
