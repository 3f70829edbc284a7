package io.palimpsest.standalone;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The borders of the rooms (DESIGN §2). Fix a failure by moving the shared thing to contracts or platform. */
final class ModuleBordersTest {
    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar")) // tests that other modules' tests build on
            .importPackages("io.palimpsest");

    @Test
    void servicesNeverImportEachOther() {
        noClasses()
                .that()
                .resideInAPackage("io.palimpsest.ingest..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.palimpsest.index..", "io.palimpsest.retrain..")
                .check(HOUSE);
        noClasses()
                .that()
                .resideInAPackage("io.palimpsest.index..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.palimpsest.ingest..", "io.palimpsest.retrain..")
                .check(HOUSE);
        noClasses()
                .that()
                .resideInAPackage("io.palimpsest.retrain..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.palimpsest.ingest..", "io.palimpsest.index..")
                .check(HOUSE);
    }

    @Test
    void contractsKnowNobodyAndDoNoIo() {
        noClasses()
                .that()
                .resideInAPackage("io.palimpsest.contracts..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.palimpsest.platform..",
                        "io.palimpsest.ingest..",
                        "io.palimpsest.index..",
                        "io.palimpsest.standalone..",
                        "java.nio.file..",
                        "java.net.http..",
                        "java.sql..")
                .check(HOUSE);
    }

    @Test
    void platformKnowsOnlyContracts() {
        noClasses()
                .that()
                .resideInAPackage("io.palimpsest.platform..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.palimpsest.ingest..",
                        "io.palimpsest.index..",
                        "io.palimpsest.retrain..",
                        "io.palimpsest.standalone..")
                .check(HOUSE);
    }

    @Test
    void commandLineReachesServicesByHttpOnly() {
        noClasses()
                .that()
                .resideInAPackage("io.palimpsest.standalone.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.palimpsest.ingest..", "io.palimpsest.index..", "io.palimpsest.retrain..")
                .check(HOUSE);
    }

    @Test
    void tikaParsersAreReachedInTheForkOnly() {
        noClasses()
                .that()
                .resideInAPackage("io.palimpsest.index..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.tika..")
                .check(HOUSE);
    }

    @Test
    void clientsOfEnginesAreReachedInTheirPackagesOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.palimpsest.index.weaviate..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.weaviate..")
                .check(HOUSE);
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "io.palimpsest.index.weaviate..",
                        "io.palimpsest.platform.temporal..",
                        "io.palimpsest.embedded..",
                        "io.palimpsest.retrain.timer..",
                        "io.palimpsest.retrain.workflow..")
                .and()
                .doNotHaveSimpleName("TemporalChoice") // hands the channel of the server in memory on
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.grpc..", "io.temporal..")
                .check(HOUSE);
    }

    @Test
    void clientsOfServersElsewhereAreReachedInTheBridgesOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.palimpsest.bridges.lineage..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.openlineage..")
                .check(HOUSE);
        noClasses()
                .that()
                .resideOutsideOfPackage("io.palimpsest.bridges.mlflow..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.mlflow..")
                .check(HOUSE);
        noClasses()
                .that()
                .resideInAPackage("io.palimpsest.bridges..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.palimpsest.ingest..",
                        "io.palimpsest.index..",
                        "io.palimpsest.retrain..",
                        "io.palimpsest.ledger..")
                .check(HOUSE);
    }

    @Test
    void environmentIsReadByTheCommandLineOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.palimpsest.standalone..")
                .and()
                .resideOutsideOfPackage("io.palimpsest.bench..")
                .and()
                .resideOutsideOfPackage("io.palimpsest.testkit..")
                .should()
                .callMethod(System.class, "getenv")
                .orShould()
                .callMethod(System.class, "getenv", String.class)
                .check(HOUSE);
    }

    @Test
    void everyPackageIsNullMarked() {
        classes()
                .that()
                .haveSimpleName("package-info")
                .should()
                .beAnnotatedWith("org.jspecify.annotations.NullMarked")
                .check(HOUSE);
    }
}
