package io.daybook.cli.replay;

/** Where a replay takes the events from; named as it is typed. */
enum ReplaySource {
    kafka,
    store
}
