/** Accounts now, at a time and as of a sequence, and their statements. */
@NullMarked
package io.daybook.query.accounts;

import org.jspecify.annotations.NullMarked;
