package io.daybook.projections.projection;

import io.daybook.events.LedgerId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The generations of what a projection posts. Queries are answered from the live one. Another may be built aside, and they
 * are exchanged when it has caught up; the one that was live before is kept until it is dropped.
 */
public interface GenerationStore {

    /** In which place a generation is posted to. */
    enum Role {
        LIVE,
        ASIDE
    }

    /** The name of the projection. */
    String projection();

    /**
     * The form in which a generation is begun now. It counts from 1, and goes up whenever keys, documents or rows are named
     * otherwise, or have in them what those of before lack: a live generation of an older format is rebuilt by itself.
     */
    int format();

    /**
     * What posts to a generation, in its format. It posts to none but this one until it is closed.
     *
     * @param generation of the present format, or any before
     */
    Projection posting(Generation generation, Role role);

    /** Exchanges the live one and the one aside, as far as that is in the books' database; in the caller's transaction. */
    default void exchange(JdbcTemplate books) {}

    /** Sees to it that queries are answered from this generation; it makes no difference if they are already. */
    default void serve(int generation) throws Exception {}

    /** What the live generation lacks, and will not get by itself, as was last seen when it was served; null if nothing. */
    default @Nullable String loss() {
        return null;
    }

    /** Deletes the generation that is aside; it makes no difference if nothing is left of it. */
    void drop(int generation) throws Exception;

    /**
     * Does what was left to the end, when the generation aside has nearly caught up; it may take its time, and makes no
     * difference if nothing was left. Who posts to it meanwhile waits.
     */
    default void complete(int generation) throws Exception {}

    /**
     * What is wrong with the generation aside by itself; empty if it can be exchanged. Nobody posts meanwhile.
     */
    List<String> faults(int generation) throws Exception;

    /** How far a ledger has come in a generation; 0 if it is not there. */
    long position(int generation, Role role, LedgerId ledger) throws Exception;

    /** How far each ledger has come in a generation. */
    Map<LedgerId, Long> positions(int generation, Role role) throws Exception;

    /**
     * A part of a ledger's journal.
     *
     * @param after the sequence before its first event
     * @param upTo that of its last one
     */
    record Span(long after, long upTo) {}

    /**
     * How far ledgers have come in the live generation. It costs no more than to look at these parts of their journals: what
     * comes before may be taken for there, and what comes after for not there.
     *
     * @return without those that are not there at all
     */
    Map<LedgerId, Long> reached(Generation generation, Map<LedgerId, Span> ledgers) throws Exception;

    /**
     * Counts what the live generation has of ledgers, up to where it has come itself, or at most up to where their journals
     * have. No history is read; of a long one, parts are counted one after the other.
     *
     * @param heads the sequence of the last event of each, as the journal had it some time ago
     * @param accounts what tells which accounts there are
     */
    Map<LedgerId, LedgerCount> count(
            Generation generation, Map<LedgerId, Long> heads, LedgerAccounts accounts, Pace pace) throws Exception;

    /** What posts a ledger of the live generation anew. It is used within a transaction on the books' database. */
    LedgerRepair repair(Generation generation, LedgerId ledger);

    /** Where the generation aside is not as the sample; some examples are enough. Nobody posts meanwhile. */
    List<String> faults(int generation, LedgerSample sample) throws Exception;

    /**
     * Compares the live generation with the one aside, as they are now. Nobody posts until this returns. What the format of
     * only one of them has is no difference.
     */
    Comparison compare(Generation live, Generation aside) throws Exception;
}
