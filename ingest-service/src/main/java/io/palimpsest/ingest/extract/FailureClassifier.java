package io.palimpsest.ingest.extract;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.ingest.extract.ExtractionOutcome.Failed;
import org.jspecify.annotations.Nullable;

/** Tells from the names of the exceptions in a parser's stack trace why it gave up; the trace itself goes nowhere. */
final class FailureClassifier {
    private final ExtractLimits limits;

    FailureClassifier(ExtractLimits limits) {
        this.limits = limits;
    }

    /** @param breach id of the limit that the fork's guard found crossed */
    Failed breach(String breach) {
        ErrorCode code = ErrorCode.valueOf(breach);
        return new Failed(code, limitOf(code), false);
    }

    /** @return null where the trace says that there was nothing to read */
    @Nullable
    Failed parseException(String trace, String mediaType) {
        if (trace.contains("ZeroByteFileException")) {
            return null;
        }
        ErrorCode code = codeOf(trace);
        return new Failed(
                code, code == ErrorCode.EXTRACT_CORRUPT ? "not readable as " + mediaType : limitOf(code), false);
    }

    Failed timeout(ForkLane lane) {
        return new Failed(
                ErrorCode.EXTRACT_TIMEOUT,
                "no result after " + lane.timeout().toMillis() + " ms in the " + lane.name() + " lane",
                false);
    }

    Failed outOfMemory(ForkLane lane) {
        return new Failed(
                ErrorCode.EXTRACT_OUT_OF_MEMORY, "a heap of " + lane.heapMib() + " MiB was not enough", false);
    }

    /** @param trace its exceptions with their causes; frames are not looked at */
    static ErrorCode codeOf(String trace) {
        if (trace.contains("EncryptedDocumentException")
                || trace.contains("InvalidPasswordException")
                || trace.contains("PasswordRequiredException")
                || trace.contains("Unsupported feature encryption")) {
            return ErrorCode.EXTRACT_ENCRYPTED;
        }
        if (trace.contains("WriteLimitReachedException")) {
            return ErrorCode.EXTRACT_OUTPUT_TOO_LARGE;
        }
        if (trace.contains("levels of XML element nesting")) {
            return ErrorCode.EXTRACT_NESTING_TOO_DEEP;
        }
        if (trace.contains("OutOfMemoryError") || trace.contains("TikaMemoryLimitException")) {
            return ErrorCode.EXTRACT_OUT_OF_MEMORY;
        }
        if (trace.contains("UnsupportedFormatException")
                || trace.contains("OldWordFileFormatException")
                || trace.contains("UnsupportedZipFeatureException")) {
            return ErrorCode.EXTRACT_UNSUPPORTED_TYPE;
        }
        return ErrorCode.EXTRACT_CORRUPT;
    }

    private String limitOf(ErrorCode code) {
        return switch (code) {
            case EXTRACT_TOO_MANY_EMBEDDED -> "more than " + limits.maxEmbedded() + " embedded documents";
            case EXTRACT_NESTING_TOO_DEEP -> "nested deeper than " + limits.maxDepth() + " levels";
            case EXTRACT_EXPANSION_TOO_HIGH -> "expands to more than " + limits.maxExpansionRatio() + " times its size";
            case EXTRACT_OUTPUT_TOO_LARGE -> "more than " + limits.maxOutputChars() + " characters of text";
            case EXTRACT_ENCRYPTED -> "protected by a password";
            case EXTRACT_OUT_OF_MEMORY -> "the parser refused an allocation beyond its limit";
            default -> "refused by the parser";
        };
    }
}
