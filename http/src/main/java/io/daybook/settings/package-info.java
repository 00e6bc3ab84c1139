/** What an operator may set, as far as it is the same for every side, and how it is checked. */
@NullMarked
package io.daybook.settings;

import org.jspecify.annotations.NullMarked;
