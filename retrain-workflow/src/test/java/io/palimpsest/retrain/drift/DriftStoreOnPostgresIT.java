package io.palimpsest.retrain.drift;

import io.palimpsest.platform.database.TestDatabases;

class DriftStoreOnPostgresIT extends DriftStoreContract {
    @Override
    TestDatabases databases() {
        return TestDatabases.postgres();
    }
}
