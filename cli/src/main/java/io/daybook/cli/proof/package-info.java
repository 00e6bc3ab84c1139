/** {@code daybook verify} and {@code daybook checkpoint}: proof that nobody has edited history. */
@NullMarked
package io.daybook.cli.proof;

import org.jspecify.annotations.NullMarked;
