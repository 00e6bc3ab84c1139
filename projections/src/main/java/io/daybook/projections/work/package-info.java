/** What is done again and again beside the posting, each piece of work by a thread of its own. */
@NullMarked
package io.daybook.projections.work;

import org.jspecify.annotations.NullMarked;
