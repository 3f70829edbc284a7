package io.palimpsest.ingest.extract.fork;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.apache.tika.exception.TikaException;
import org.apache.tika.io.TikaInputStream;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.TikaCoreProperties;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.pipes.fetcher.AbstractFetcher;

/** Opens the private copy of a document and gives Tika the name and type that the event declared, as hints. */
public final class DocumentFetcher extends AbstractFetcher {
    @Override
    public InputStream fetch(String fetchKey, Metadata metadata, ParseContext context)
            throws IOException, TikaException {
        DocumentRequest request = DocumentRequest.decode(fetchKey);
        TikaInputStream stream = TikaInputStream.get(Path.of(request.path()), metadata);
        metadata.remove(TikaCoreProperties.RESOURCE_NAME_KEY);
        if (!request.fileName().isEmpty()) {
            metadata.set(TikaCoreProperties.RESOURCE_NAME_KEY, request.fileName());
        }
        if (!request.contentType().isEmpty()) {
            metadata.set(Metadata.CONTENT_TYPE, request.contentType());
        }
        return stream;
    }
}
