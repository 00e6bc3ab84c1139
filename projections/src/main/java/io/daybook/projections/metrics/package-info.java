/** What projections and their stores tell of themselves in numbers. */
@NullMarked
package io.daybook.projections.metrics;

import org.jspecify.annotations.NullMarked;
