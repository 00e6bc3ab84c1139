/** What a projection is, to whoever runs it, and what it is given: events as they were published, and its generations. */
@NullMarked
package io.daybook.projections.projection;

import org.jspecify.annotations.NullMarked;
