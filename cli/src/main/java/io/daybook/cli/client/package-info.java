/** Speaks HTTP with an installation of Daybook, for every command that needs one. */
@NullMarked
package io.daybook.cli.client;

import org.jspecify.annotations.NullMarked;
