/** {@code GET /v1/ledgers} and one of them. */
@NullMarked
package io.daybook.query.ledgers;

import org.jspecify.annotations.NullMarked;
