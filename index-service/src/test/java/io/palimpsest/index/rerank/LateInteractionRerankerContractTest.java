package io.palimpsest.index.rerank;

import io.palimpsest.index.embed.HashingEmbedder;

class LateInteractionRerankerContractTest extends RerankerContract {
    @Override
    Reranker reranker() {
        return new LateInteractionReranker(new HashingEmbedder(), new HashingEmbedder().model());
    }
}
