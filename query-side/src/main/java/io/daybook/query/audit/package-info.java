/** {@code GET /v1/audit}: search over what happened. */
@NullMarked
package io.daybook.query.audit;

import org.jspecify.annotations.NullMarked;
