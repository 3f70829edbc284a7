package io.palimpsest.ingest.extract;

import io.palimpsest.ingest.extract.fork.DocumentRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.pipes.FetchEmitTuple;
import org.apache.tika.pipes.HandlerConfig;
import org.apache.tika.pipes.PipesClient;
import org.apache.tika.pipes.PipesConfigBase;
import org.apache.tika.pipes.PipesResult;
import org.apache.tika.pipes.emitter.EmitKey;
import org.apache.tika.pipes.fetcher.FetchKey;
import org.apache.tika.sax.BasicContentHandlerFactory;

/**
 * One parser process and its private directory, emptied after every document: plain bytes never outlive their parse.
 *
 * <p>Threading: one document at a time.
 */
final class ParserFork implements AutoCloseable {
    private final PipesClient client;
    private final Path directory;
    private final int maxOutputChars;

    ParserFork(PipesConfigBase config, Path directory, int maxOutputChars) {
        this.client = new PipesClient(config);
        this.directory = directory;
        this.maxOutputChars = maxOutputChars;
    }

    Path resultKey() {
        return directory.resolve("result");
    }

    PipesResult parse(DocumentRequest request) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        ParseContext context = new ParseContext();
        context.set(
                HandlerConfig.class,
                new HandlerConfig(
                        BasicContentHandlerFactory.HANDLER_TYPE.XML,
                        HandlerConfig.PARSE_MODE.CONCATENATE,
                        maxOutputChars,
                        -1,
                        true));
        return client.process(new FetchEmitTuple(
                directory.getFileName().toString(),
                new FetchKey(ForkConfigXml.FETCHER, request.encode()),
                new EmitKey(ForkConfigXml.EMITTER, resultKey().toString()),
                new Metadata(),
                context));
    }

    void wipe() {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (Stream<Path> left = Files.walk(directory)) {
            List<Path> deepestFirst = left.filter(path -> !path.equals(directory))
                    .sorted(Comparator.reverseOrder())
                    .toList();
            for (Path path : deepestFirst) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            wipe();
        }
    }
}
