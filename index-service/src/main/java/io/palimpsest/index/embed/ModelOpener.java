package io.palimpsest.index.embed;

import io.palimpsest.contracts.model.ModelManifest;
import java.nio.file.Path;

/** Makes an embedder of an encoder's folder. */
@FunctionalInterface
public interface ModelOpener {
    /**
     * The caller closes it.
     *
     * @param folder as the manifest says, not to be written to
     */
    Embedder open(ModelManifest manifest, Path folder);
}
