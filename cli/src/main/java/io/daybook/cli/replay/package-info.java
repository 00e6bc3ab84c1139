/** {@code daybook replay}: a projection's books are posted anew while the old ones serve. */
@NullMarked
package io.daybook.cli.replay;

import org.jspecify.annotations.NullMarked;
