/** What an operator may set of the command side. */
@NullMarked
package io.daybook.command.settings;

import org.jspecify.annotations.NullMarked;
