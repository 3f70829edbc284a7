package io.palimpsest.retrain.workflow;

import io.palimpsest.platform.database.TestDatabases;

final class PostgresRunsContractIT extends RunsContract {
    @Override
    TestDatabases databases() {
        return TestDatabases.postgres();
    }
}
