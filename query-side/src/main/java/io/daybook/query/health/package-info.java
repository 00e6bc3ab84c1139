/** What the query side tells of its stores. */
@NullMarked
package io.daybook.query.health;

import org.jspecify.annotations.NullMarked;
