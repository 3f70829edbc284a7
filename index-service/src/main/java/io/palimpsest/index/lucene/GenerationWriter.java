package io.palimpsest.index.lucene;

import java.io.IOException;
import java.util.Map;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.codecs.lucene104.Lucene104HnswScalarQuantizedVectorsFormat;
import org.apache.lucene.index.ConcurrentMergeScheduler;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.IndexWriterConfig.OpenMode;
import org.apache.lucene.index.TieredMergePolicy;
import org.apache.lucene.store.Directory;
import org.apache.lucene.util.quantization.QuantizedByteVectorValues.ScalarEncoding;

/** Makes the Lucene writer of a generation. */
final class GenerationWriter {
    /** Layout of {@link Fields}; raised when an index of before cannot be read any more. */
    private static final String FORMAT = "1";

    private static final double RAM_BUFFER_MIB = 64;

    /** Lucene's own defaults for graphs; recall is held by the contract suite. */
    private static final int MAX_CONNECTIONS = 16;

    private static final int BEAM_WIDTH = 100;

    /** Arbitrary: merges that run meanwhile, one after the other. */
    private static final int FORGETTING_ATTEMPTS = 10;

    private GenerationWriter() {}

    static IndexWriter open(Directory directory, TextAnalysis analysis, OpenMode mode) throws IOException {
        IndexWriterConfig config = new IndexWriterConfig(analysis.forIndexing());
        config.setOpenMode(mode);
        config.setSimilarity(TextAnalysis.similarity());
        config.setRAMBufferSizeMB(RAM_BUFFER_MIB);
        config.setUseCompoundFile(true); // a small commit then syncs three files instead of a dozen
        config.setMaxFullFlushMergeWaitMillis(0); // a commit must not wait for merges
        config.setCommitOnClose(false);
        ConcurrentMergeScheduler merges = new ConcurrentMergeScheduler();
        merges.setMaxMergesAndThreads(4, 1); // one of two cores stays free for searches
        config.setMergeScheduler(merges);
        TieredMergePolicy policy = new TieredMergePolicy();
        policy.setForceMergeDeletesPctAllowed(0); // an erasure leaves nothing in any segment
        config.setMergePolicy(policy);
        config.setCodec(new QuantisedCodec());
        IndexWriter writer = new IndexWriter(directory, config);
        writer.setLiveCommitData(Map.of("format", FORMAT).entrySet());
        return writer;
    }

    /**
     * Writes segments anew that have deleted documents in them, until there is none. A merge that is running already is waited for: it
     * carries along what was deleted since it began.
     */
    static void forget(IndexWriter writer) throws IOException {
        for (int attempt = 0; attempt == 0 || writer.hasDeletions(); attempt++) {
            if (attempt == FORGETTING_ATTEMPTS) {
                throw new IOException("deleted documents were not merged away");
            }
            writer.forceMergeDeletes(true);
            if (writer.getConfig().getMergeScheduler() instanceof ConcurrentMergeScheduler running) {
                running.sync();
            }
        }
    }

    /** Lucene's codec with eight-bit vectors beside the full ones; read back by the names in the files. */
    private static final class QuantisedCodec extends Lucene104Codec {
        private final KnnVectorsFormat vectors = new Lucene104HnswScalarQuantizedVectorsFormat(
                ScalarEncoding.UNSIGNED_BYTE, MAX_CONNECTIONS, BEAM_WIDTH);

        @Override
        public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
            return vectors;
        }
    }
}
