package io.palimpsest.contracts.content;

import io.palimpsest.contracts.id.PassagePolicyId;
import java.util.List;

/** The passages of one revision under one policy, in order of {@code start}, not overlapping. Stored in the content store. */
public record PassageManifest(PassagePolicyId policy, List<Passage> passages) {
    public PassageManifest {
        passages = List.copyOf(passages);
    }
}
