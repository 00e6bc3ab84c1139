/** What an operator may set of the projections. */
@NullMarked
package io.daybook.projections.settings;

import org.jspecify.annotations.NullMarked;
