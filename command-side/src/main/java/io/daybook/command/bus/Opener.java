package io.daybook.command.bus;

/** Brings into memory what the commands of a routing key need, so that no writer waits for it with all its other commands. */
public interface Opener {

    /** For handlers that need nothing. */
    Opener NONE = new Opener() {
        @Override
        public boolean isOpen(String routingKey) {
            return true;
        }

        @Override
        public void open(String routingKey) {}
    };

    /** Whether commands of the key can be handled without waiting. Asked for every command; must be quick. */
    boolean isOpen(String routingKey);

    /**
     * May take its time. Whether it succeeds or fails, the commands of the key are handled after it, in their order; a
     * handler must find out by itself about what is still missing.
     */
    void open(String routingKey);

    /** What is in memory for the key is not what is stored: it must be read again. Called on the writer's thread. */
    default void forget(String routingKey) {}
}
