package io.palimpsest.index.indexer;

import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.index.embed.CachingEmbedder;
import io.palimpsest.index.generation.GenerationTable;
import io.palimpsest.index.passages.DocumentWriter;
import io.palimpsest.index.passages.PassageIndex;
import io.palimpsest.index.revision.RevisionListing;
import io.palimpsest.platform.content.ContentStore;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * What builds of generations work with.
 *
 * @param embedders for passages, by model
 * @param stepPassages most passages, and documents, between two checkpoints, or one document with more
 * @param listener is told what steps took
 * @param ahead embeds one step while the one before is written
 */
record BuildParts(
        GenerationTable table,
        PassageIndex index,
        DocumentWriter writer,
        ContentStore store,
        Function<ModelId, CachingEmbedder> embedders,
        RevisionListing revisions,
        Throttle throttle,
        int stepPassages,
        IndexListener listener,
        Executor ahead,
        InstantSource clock) {}
