/** What each projection tells of itself. */
@NullMarked
package io.daybook.projections.status;

import org.jspecify.annotations.NullMarked;
