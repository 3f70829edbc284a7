package io.palimpsest.index.answer;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.index.embed.Embedder;
import io.palimpsest.index.embed.HashingEmbedder;
import java.util.List;

class ExtractiveGeneratorContractTest extends GeneratorContract {
    @Override
    Generator answering() {
        return new ExtractiveGenerator(new HashingEmbedder());
    }

    @Override
    Generator failing() {
        return new ExtractiveGenerator(new Embedder() {
            @Override
            public ModelId model() {
                return new ModelId("away");
            }

            @Override
            public int dimensions() {
                return 8;
            }

            @Override
            public int maxTokens() {
                return 8;
            }

            @Override
            public List<float[]> embed(List<String> texts) {
                throw new PalimpsestException(ErrorCode.EMBED_FAILED, "away for a test");
            }

            @Override
            public void close() {}
        });
    }
}
