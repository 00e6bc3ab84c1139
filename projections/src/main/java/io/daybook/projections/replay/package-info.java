/**
 * Replay: a projection's books are posted anew aside, from the first event on, and exchanged with the live ones when they
 * have caught up.
 */
@NullMarked
package io.daybook.projections.replay;

import org.jspecify.annotations.NullMarked;
