/** What the projections tell of their stores. */
@NullMarked
package io.daybook.projections.health;

import org.jspecify.annotations.NullMarked;
