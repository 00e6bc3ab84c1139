/** The write path: who takes transfers, in process and over HTTP, and what it is compared with. */
@NullMarked
package io.daybook.bench.transfers;

import org.jspecify.annotations.NullMarked;
