/** {@code GET /v1/projections}: how far each book is. */
@NullMarked
package io.daybook.query.projections;

import org.jspecify.annotations.NullMarked;
