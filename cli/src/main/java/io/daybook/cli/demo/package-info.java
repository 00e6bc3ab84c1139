/** {@code daybook demo}: the bundled sample through every part and back out, for somebody who sees Daybook first. */
@NullMarked
package io.daybook.cli.demo;

import org.jspecify.annotations.NullMarked;
