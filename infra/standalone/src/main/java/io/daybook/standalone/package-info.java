/** All of Daybook in one process, with its backing services as child processes. */
@NullMarked
package io.daybook.standalone;

import org.jspecify.annotations.NullMarked;
