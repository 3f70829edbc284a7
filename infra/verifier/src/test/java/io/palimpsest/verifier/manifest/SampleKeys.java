package io.palimpsest.verifier.manifest;

/** Keys of tests alone. */
final class SampleKeys {
    static final String PRIMES =
            "8f83693608ec9f61dc654ba8c49ef9b32ffea3e1e599a1fe570f224e3555e5e324fc24329a5df6980d25587f54e0fe77"
                    + "6d6e2eb5812625b212a37ce1b2c80c9f43a45ec09a11df2c7bd2a0b6898371cb9c0634b9c5e90039ad00f36e8e9fe047"
                    + "df5f233d183b54b832362aea023e03aac403abfa94308e645f6ea5243b26a225ebc27e3a0fabd0e7a95cb055820c6598"
                    + "3fb93e459ee74f783564904b11264a4e28bac13fd63ba766151efe098b6d0743c76875e413a4e40e75c26e1eec97993f"
                    + "abbe419ede3391eb513ef3433f0f44384ab67d134751d13f782bb66c28a001521e188c9a11e8ca7c1aa6c6a3ddcf4d78"
                    + "0ec5f8d0ebfea864e82477fa7f602653";

    static final String NOTE = """
            PRIVATE+KEY+log.example.org/ledger+ad025d75+AZyzFpnB77WlIp/V6oVeZTKrEdv58OhwAvG4fKznEOno
            log.example.org/ledger+ad025d75+AacFKfpHdzXIKBkSJ1zxcatyPvHHPznoja8+yAycgFiT
            """;

    private SampleKeys() {}
}
