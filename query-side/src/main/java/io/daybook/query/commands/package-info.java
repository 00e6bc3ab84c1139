/** {@code GET /v1/commands/{id}}: what has become of an asynchronous command. */
@NullMarked
package io.daybook.query.commands;

import org.jspecify.annotations.NullMarked;
