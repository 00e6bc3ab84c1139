package io.daybook.projections.projection;

/**
 * A generation of what a projection posts.
 *
 * @param number counts from 1
 * @param format the form in which it was begun, and is posted to until it is dropped, see {@link GenerationStore#format}
 */
public record Generation(int number, int format) {}
