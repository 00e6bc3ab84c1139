package io.daybook.messages;

/** A topic has another number of partitions than it would be made with, and what is in order in it hangs on the number. */
public final class OtherPartitionsException extends IllegalStateException {

    OtherPartitionsException(String topic, int found, int expected) {
        super("topic " + topic + " has " + found + " partitions, and not the " + expected
                + " that are set: what is of one ledger is in order because it is in one partition, and in which one hangs on"
                + " how many there are; set daybook.kafka." + topic.substring(topic.lastIndexOf('.') + 1)
                + "-partitions to "
                + found);
    }
}
