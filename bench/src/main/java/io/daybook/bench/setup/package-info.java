/** Services and parts of Daybook as applications, for those who take part. */
@NullMarked
package io.daybook.bench.setup;

import org.jspecify.annotations.NullMarked;
