package io.palimpsest.index.lucene;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import java.io.IOException;
import org.apache.lucene.store.LockObtainFailedException;

/** What to tell the operator when a directory does not do. */
final class IndexFailures {
    private IndexFailures() {}

    static PalimpsestException unreadable(String name, Exception cause) {
        if (cause instanceof LockObtainFailedException) {
            return new PalimpsestException(
                    ErrorCode.INDEX_WRITE_FAILED, name + " is in use by another process: stop that one first", cause);
        }
        return new PalimpsestException(
                ErrorCode.INDEX_CORRUPT,
                name + " cannot be read (" + cause.getClass().getSimpleName()
                        + "): stop the service, delete this directory, start it, and the index is rebuilt from the"
                        + " content store",
                cause);
    }

    static PalimpsestException unwritable(String name, IOException cause) {
        return new PalimpsestException(ErrorCode.INDEX_WRITE_FAILED, name + " cannot be written", cause);
    }
}
