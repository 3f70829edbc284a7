package io.palimpsest.ingest.extract.markdown;

import org.commonmark.parser.block.BlockParserFactory;
import org.commonmark.parser.block.BlockStart;
import org.commonmark.parser.block.MatchedBlockParser;
import org.commonmark.parser.block.ParserState;

/** Begins no block, but sees each attempt to begin one, and ends the parse at too many. One use, one thread. */
final class StepCounter implements BlockParserFactory {
    private int left;

    StepCounter(int most) {
        this.left = most;
    }

    @Override
    public BlockStart tryStart(ParserState state, MatchedBlockParser matched) {
        if (--left < 0) {
            throw MarkdownBlocks.tooLarge();
        }
        return BlockStart.none();
    }
}
