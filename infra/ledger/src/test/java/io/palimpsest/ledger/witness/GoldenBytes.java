package io.palimpsest.ledger.witness;

import io.palimpsest.verifier.note.NoteSigner;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;

/** A log of the entries a, b, c and a witness of it; keys, requests and answers were computed with Python's cryptography. */
final class GoldenBytes {
    static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(1_679_315_147), ZoneOffset.UTC);

    static final String LOG_KEY = "example.com/log+702f3c70+AepKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs";
    static final String WITNESS_KEY = "witness.example/w1+24b5d9fe+BP0XJDhaoMdbZPt4zWAvodmR/ev3axPFjtcC6sg16fYY";
    static final String FIRST_REQUEST = """
            old 0

            example.com/log
            2
            sTeYX/SE+2ANuTEHx3sDZcgNePW0Kd7Q/Zc2HQd5mes=

            \u2014 example.com/log cC88cI0fRaayNrA0tQ3SsK//BQz9dhTDhnvUaYn7ZJPeWcCxkfpvMtOy/vItj5/YYndbtPjQwAcbuKbHoiBYrewHMAY=
            """;
    static final String FIRST_ANSWER = """
            \u2014 witness.example/w1 JLXZ/gAAAABkGFDLJML52gOA5JtYuHfv+5Yi76Z0eMkBi5J04ZL7rLLVi06ikCV1ElKErm5yFHIZF10Ty4Y/s+MpRCTy+v2IXBG5BA==
            """;
    static final String SECOND_REQUEST = """
            old 2
            WX/LMSgtNGVMIA00GPylcFxkjr8ybsc9jd7xGEH4dtg=

            example.com/log
            3
            NmQuc8JUCrEh46a/lUWwokmCzYMOsT080Z3jzmwCHsE=

            \u2014 example.com/log cC88cN9RTbk/Ysa1rQC9LhT/cWHtltIbM8Kij7/0rSnhWd5RAdy5ilISfXt/rw7MvpQlDUc5oS5MbiD+gfMurfZk1AM=
            """;
    static final String SECOND_ANSWER = """
            \u2014 witness.example/w1 JLXZ/gAAAABkGFDLeqH2heIj96dn/SR/8/CTR5bxRC4nGsQHbUk59Z15qrOQPCM+uEYX8IjaCD6QqvDsmn1+zBA15uF+zD2BBUI9CQ==
            """;

    private GoldenBytes() {}

    static NoteSigner witness() {
        return NoteSigner.parse(
                "PRIVATE+KEY+witness.example/w1+24b5d9fe+BAkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJ\n" + WITNESS_KEY,
                CLOCK);
    }
}
