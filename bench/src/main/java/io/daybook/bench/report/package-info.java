/** What was measured, as tables, a page and a picture, beside what is wanted. */
@NullMarked
package io.daybook.bench.report;

import org.jspecify.annotations.NullMarked;
