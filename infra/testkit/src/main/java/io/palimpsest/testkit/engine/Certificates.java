package io.palimpsest.testkit.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * A server's certificate for 127.0.0.1 and localhost, signed by an authority of its own, made with the JDK's keytool.
 *
 * @param keyStore PKCS#12: the server's key and certificate
 * @param trustStore PKCS#12: the authority
 * @param authority the same as PEM
 * @param strangers PKCS#12: another authority
 */
public record Certificates(Path keyStore, Path trustStore, Path authority, Path strangers) {
    public static final String PASSWORD = "certificates-of-a-test";

    /** @param folder where the files are made */
    public static Certificates make(Path folder) {
        Path authorityStore = folder.resolve("authority.p12");
        Path keyStore = folder.resolve("server.p12");
        Path trustStore = folder.resolve("trust.p12");
        Path strangers = folder.resolve("strangers.p12");
        Path authority = folder.resolve("authority.pem");
        Path request = folder.resolve("server.csr");
        Path signed = folder.resolve("server.pem");
        keytool(
                authorityStore,
                "-genkeypair",
                "-alias",
                "authority",
                "-dname",
                "CN=Test authority",
                "-keyalg",
                "EC",
                "-ext",
                "bc:c=ca:true",
                "-validity",
                "7");
        keytool(
                strangers,
                "-genkeypair",
                "-alias",
                "stranger",
                "-dname",
                "CN=Stranger",
                "-keyalg",
                "EC",
                "-ext",
                "bc:c=ca:true",
                "-validity",
                "7");
        keytool(authorityStore, "-exportcert", "-alias", "authority", "-rfc", "-file", authority.toString());
        keytool(
                keyStore,
                "-genkeypair",
                "-alias",
                "server",
                "-dname",
                "CN=localhost",
                "-keyalg",
                "EC",
                "-validity",
                "7");
        keytool(keyStore, "-certreq", "-alias", "server", "-file", request.toString());
        keytool(
                authorityStore,
                "-gencert",
                "-alias",
                "authority",
                "-infile",
                request.toString(),
                "-outfile",
                signed.toString(),
                "-rfc",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-validity",
                "7");
        keytool(keyStore, "-importcert", "-alias", "authority", "-file", authority.toString(), "-noprompt");
        keytool(keyStore, "-importcert", "-alias", "server", "-file", signed.toString(), "-noprompt");
        keytool(trustStore, "-importcert", "-alias", "authority", "-file", authority.toString(), "-noprompt");
        return new Certificates(keyStore, trustStore, authority, strangers);
    }

    /** PEM. */
    public String serverCertificate() {
        return pem("CERTIFICATE", () -> store().getCertificate("server").getEncoded());
    }

    /** PKCS#8 as PEM. */
    public String serverKey() {
        return pem(
                "PRIVATE KEY",
                () -> store().getKey("server", PASSWORD.toCharArray()).getEncoded());
    }

    private KeyStore store() throws GeneralSecurityException, IOException {
        return KeyStore.getInstance(keyStore.toFile(), PASSWORD.toCharArray());
    }

    private static String pem(String kind, Callable<byte[]> encoded) {
        try {
            return "-----BEGIN " + kind + "-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded.call())
                    + "\n-----END " + kind + "-----\n";
        } catch (Exception e) {
            throw new IllegalStateException("the certificate that was made cannot be read", e);
        }
    }

    private static void keytool(Path store, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                // It ends before anything else pays.
                "-J-XX:TieredStopAtLevel=1",
                "-J-XX:+UseSerialGC"));
        command.addAll(Arrays.asList(arguments));
        command.addAll(List.of("-keystore", store.toString(), "-storetype", "PKCS12", "-storepass", PASSWORD));
        try {
            Path log = Files.createTempFile(store.toAbsolutePath().getParent(), "keytool", ".log");
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IllegalStateException(
                        "keytool " + arguments[0] + " failed: " + Files.readString(log, StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
