package io.palimpsest.index.rewrite;

import io.palimpsest.index.search.Note;
import java.util.List;

/**
 * What is searched instead of the query; equal to it where nothing was rewritten.
 *
 * @param forVector one sensible text
 * @param forKeywords holds the words of the query and those added
 */
public record Rewrite(String forVector, String forKeywords, List<Note> notes) {
    public Rewrite {
        notes = List.copyOf(notes);
    }
}
