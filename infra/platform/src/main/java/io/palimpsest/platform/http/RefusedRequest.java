package io.palimpsest.platform.http;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.platform.security.Caller;
import java.time.Instant;
import java.util.Optional;

/**
 * A request that was turned away for who sent it, for the ledger.
 *
 * @param id the request's own, so that each refusal is one entry
 * @param route method and route, or path pattern {@code /v1/*} where none matched; never the path itself
 */
public record RefusedRequest(String id, Instant at, String route, ErrorCode code, Optional<Caller> caller) {}
