package io.daybook.projections.balances;

/**
 * How far a ledger is.
 *
 * @param position the sequence of its last event, or nothing
 * @param writer who posted it, or nothing: another may have begun anew and come as far
 */
record Place(String position, String writer) {

    long sequence() {
        return position.isEmpty() ? 0 : Long.parseLong(position);
    }
}
