/** What a side tells of the stores that it works on, beside whether it lives. */
@NullMarked
package io.daybook.http.health;

import org.jspecify.annotations.NullMarked;
