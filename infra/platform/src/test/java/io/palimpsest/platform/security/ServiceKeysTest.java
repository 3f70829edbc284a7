package io.palimpsest.platform.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.id.CollectionId;
import io.palimpsest.contracts.id.TenantId;
import io.palimpsest.contracts.model.ModelManifest;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ServiceKeysTest {
    private static final TenantId ACME = new TenantId("acme");
    private static final TenantId OTHER = new TenantId("other");

    private final ServiceKeys keys = new ServiceKeys(secret(7));

    @Test
    void eachTenantHasAKeyThatActsInThisTenantOnly() {
        Caller caller = keys.authenticate(keys.key(ACME)).orElseThrow();

        assertThat(caller.tenant()).isEqualTo(ACME);
        assertThat(caller.mayUse(new CollectionId("anything"))).isTrue();
        assertThat(keys.key(OTHER)).isNotEqualTo(keys.key(ACME));
        assertThat(keys.authenticate(keys.key(OTHER)).orElseThrow().tenant()).isEqualTo(OTHER);
    }

    @Test
    void accessListsAdmitItWhereTheyAdmitEveryone() {
        Caller caller = keys.authenticate(keys.key(ACME)).orElseThrow();

        assertThat(caller.principals()).containsExactlyInAnyOrder("*", "user:service:retrain");
        assertThat(caller.roles()).containsExactlyInAnyOrder(Role.SEARCH, Role.OPERATE, Role.APPROVE);
    }

    @Test
    void aKeyOfOneTenantDoesNotOpenAnother() {
        String mac = keys.key(ACME).substring(keys.key(ACME).lastIndexOf('.') + 1);

        assertThat(keys.authenticate("pals.other." + mac)).isEmpty();
        assertThat(keys.authenticate("pals.acme.x." + mac)).isEmpty();
    }

    @Test
    void anotherDeploymentsKeyAndWhatIsNoKeyAreNobody() {
        assertThat(keys.authenticate(new ServiceKeys(secret(8)).key(ACME))).isEmpty();
        for (String none : List.of(
                "", "pals.", "pals..", "pals.acme", "pals.acme.", "pals.ACME.00", "pal_0", "pals.acme.\u00e9")) {
            assertThat(keys.authenticate(none)).as(none).isEmpty();
        }
    }

    @Test
    void theTenantOfModelsHasNone() {
        assertThat(keys.authenticate(keys.key(ModelManifest.TENANT))).isEmpty();
    }

    @Test
    void aServerTakesThemOnlyWhereItIsToldTo() {
        ApiKeys people = ApiKeys.of(List.of());

        assertThat(people.authenticate(keys.key(ACME))).isEmpty();
        assertThat(people.accepting(keys).authenticate(keys.key(ACME))).isPresent();
        assertThat(people.accepting(keys).authenticate("reader-key")).isEmpty();
    }

    /** Golden: all processes of a deployment must make the same, also while it is upgraded. */
    @Test
    void theFormatStays() {
        assertThat(keys.key(ACME))
                .isEqualTo("pals.acme.14d8edc117232e2900ea59308b4f17ef8a621b12a34d3f245cdcaf09c46dc23f");
    }

    @Test
    void aShortSecretIsRefused() {
        assertThatThrownBy(() -> new ServiceKeys(new byte[16])).isInstanceOf(IllegalArgumentException.class);
    }

    private static byte[] secret(int of) {
        byte[] secret = new byte[32];
        Arrays.fill(secret, (byte) of);
        return secret;
    }
}
