/** What is asked of the read models. */
@NullMarked
package io.daybook.bench.queries;

import org.jspecify.annotations.NullMarked;
