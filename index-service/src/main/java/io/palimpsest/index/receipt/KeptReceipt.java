package io.palimpsest.index.receipt;

import io.palimpsest.contracts.event.Json;
import io.palimpsest.verifier.entry.Commitment;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * A receipt as the ledger stands for it, with what opens its commitments. Salts are hex of 32 random bytes.
 *
 * @param receipt canonical JSON
 * @param salt of the commitment to the receipt
 * @param querySalt of that to the query
 * @param callerSalt of that to who asked
 */
public record KeptReceipt(String queryId, String receipt, String salt, String querySalt, String callerSalt) {
    /** What stands for it in the ledger, hex. */
    public String commitment() {
        return Commitment.receipt(HexFormat.of().parseHex(salt), receipt).hex();
    }

    public Receipt read() {
        return Json.read(receipt.getBytes(StandardCharsets.UTF_8), Receipt.class);
    }
}
