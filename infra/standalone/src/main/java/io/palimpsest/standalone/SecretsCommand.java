package io.palimpsest.standalone;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code palimpsest secrets}. */
@Command(
        name = "secrets",
        description = {
            "Makes the secrets of a deployment of several processes, each a file; what is there already stays.",
            "  master.key              wraps the keys of all documents: without it nothing can be read again. Keep a copy",
            "  admin.key, keys.json    an API key with all roles; its hash, which the services read",
            "  tls.p12, tls.password, ca.pem    the services' certificate (self-signed, 825 days); what clients trust",
            "  database.password, weaviate.key, s3.access.key, s3.secret.key    for these servers",
            "  palimpsest.properties   what the services need of these, for 'palimpsest up --config'"
        },
        footer = {
            "",
            "The files are readable for all, because containers run as other users; the folder is its owner's alone.",
            "",
            "Example:",
            "  palimpsest secrets infra/deploy/secrets --host palimpsest.example.org"
        })
final class SecretsCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "Folder of the files, made when absent.")
    Path directory = Path.of("secrets");

    @Option(
            names = "--host",
            paramLabel = "NAME",
            description = "Name the services are reached by, for the certificate; repeatable."
                    + " localhost, ingest, index, retrain and these after 'palimpsest-' are in it always.")
    List<String> hosts = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<String> made = new DeploymentSecrets(directory).make(hosts);
        PrintWriter out = spec.commandLine().getOut();
        out.println(
                made.isEmpty()
                        ? "All secrets were there already: " + directory.toAbsolutePath()
                        : "Made in " + directory.toAbsolutePath() + ": " + String.join(", ", made));
        return 0;
    }
}
