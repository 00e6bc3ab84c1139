/** Files that commands read. */
@NullMarked
package io.daybook.cli.files;

import org.jspecify.annotations.NullMarked;
