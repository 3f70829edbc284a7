package io.palimpsest.ledger.key;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/** Signs its input with the key of a file, as the command of a KMS does. */
final class ToyKms {
    private ToyKms() {}

    public static void main(String[] arguments) throws Exception {
        byte[] secret = Base64.getDecoder().decode(Files.readString(Path.of(arguments[0])));
        PrivateKey key = KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(secret));
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(key);
        signature.update(System.in.readAllBytes());
        System.out.write(
                (Base64.getEncoder().encodeToString(signature.sign()) + "\n").getBytes(StandardCharsets.US_ASCII));
        System.out.flush();
    }
}
