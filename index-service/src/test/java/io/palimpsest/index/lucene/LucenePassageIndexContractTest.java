package io.palimpsest.index.lucene;

import io.palimpsest.index.passages.PassageIndex;
import io.palimpsest.index.passages.PassageIndexContract;
import java.nio.file.Path;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.io.TempDir;

@NullUnmarked // the folder is injected
final class LucenePassageIndexContractTest extends PassageIndexContract {
    @TempDir
    Path folder;

    @Override
    protected PassageIndex open() {
        return new LucenePassageIndex(folder);
    }
}
