package io.daybook.events;

import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * One step in the evolution of an event: how data that was stored under one name is told in the shape of the next. It
 * works on a copy of what was read; what is stored is never rewritten.
 *
 * @param from a name under which events were written once, such as {@code daybook.transaction-posted.v1}
 * @param to the name of the shape that {@code change} gives: a later version, or another name for the same fact
 * @param change takes the data as JSON objects are in Java (maps, lists, strings, booleans and null) and gives the data of
 *     the next shape; it may change what it was given
 */
public record Upcaster(String from, String to, UnaryOperator<Map<String, Object>> change) {}
