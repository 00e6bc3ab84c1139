/** What the outcome of a command is in HTTP: status, headers and body, the same whether it was waited for or not. */
@NullMarked
package io.daybook.command.reply;

import org.jspecify.annotations.NullMarked;
