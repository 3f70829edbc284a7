package io.palimpsest.platform.temporal;

import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.config.TemporalSettings;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLException;

/** How the client library is told what the settings say. */
final class TemporalOptions {
    private TemporalOptions() {}

    /** @throws PalimpsestException CONFIG_INVALID where a file is missing or holds something else */
    static WorkflowServiceStubsOptions of(TemporalSettings settings, String address) {
        WorkflowServiceStubsOptions.Builder options =
                WorkflowServiceStubsOptions.newBuilder().setTarget(address);
        if (settings.tls()) {
            options.setSslContext(tls(settings));
        }
        settings.serverName()
                .ifPresent(name -> options.setChannelInitializer(channel -> channel.overrideAuthority(name)));
        if (settings.apiKey().isPresent()) {
            options.addApiKey(() -> settings.apiKey().value());
        }
        settings.apiKeyFile().ifPresent(file -> {
            read(file); // at the start, rather than at the first call
            options.addApiKey(() -> read(file));
        });
        return options.build();
    }

    private static SslContext tls(TemporalSettings settings) {
        try {
            SslContextBuilder builder = GrpcSslContexts.forClient();
            settings.caFile()
                    .ifPresent(file -> builder.trustManager(
                            present("temporal.tls.ca.file", file).toFile()));
            if (settings.certFile().isPresent() && settings.keyFile().isPresent()) {
                builder.keyManager(
                        present("temporal.tls.cert.file", settings.certFile().get())
                                .toFile(),
                        present("temporal.tls.key.file", settings.keyFile().get())
                                .toFile());
            }
            return builder.build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new PalimpsestException(
                    ErrorCode.CONFIG_INVALID,
                    "the files of temporal.tls.* are not what they should be: certificates as PEM, the key as PKCS#8 PEM",
                    e);
        }
    }

    private static Path present(String key, Path file) {
        if (!Files.isReadable(file)) {
            throw new PalimpsestException(
                    ErrorCode.CONFIG_INVALID, key + ": " + file + " is not there or not readable");
        }
        return file;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new PalimpsestException(
                    ErrorCode.CONFIG_INVALID, "temporal.api.key.file: " + file + " is not there or not readable", e);
        }
    }
}
