package io.palimpsest.index.answer;

import java.util.function.Consumer;

/**
 * Drafts an answer from evidence. What it says is checked afterwards: it need not be trusted.
 *
 * <p>Threading: safe. Failure: {@code GENERATOR_FAILED}; statements given before it stand.
 */
public interface Generator {
    /** Name and version of what writes, for the response. */
    String model();

    /**
     * Gives each statement as soon as it is complete, in order, on the calling thread, and none after it has returned; no
     * statement at all when it has no answer or no evidence. Statements name no evidence but that of the prompt.
     */
    void generate(Prompt prompt, Consumer<Statement> statements);
}
