package io.palimpsest.ingest.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

final class S3UriTest {
    @Test
    void theKeyIsReadAsItWasWritten() {
        S3Uri uri = new S3Uri("bucket", "a b/größe+%41?#x.txt", "v/1");

        assertThat(uri.uri()).hasToString("s3://bucket/a%20b/gr%C3%B6%C3%9Fe%2B%2541%3F%23x.txt?versionId=v/1");
        assertThat(S3Uri.parse(uri.uri())).contains(uri);
        assertThat(S3Uri.parse(URI.create("s3://bucket/../a//b"))).contains(new S3Uri("bucket", "../a//b", null));
    }

    @Test
    void whatNamesNoObjectIsNone() {
        for (String text : new String[] {
            "s3://bucket",
            "s3://bucket/",
            "s3:bucket/key",
            "s3://user@bucket/key",
            "s3://bucket/key?other=1",
            "s3:///key",
            "s3://bucket/k#f"
        }) {
            assertThat(S3Uri.parse(URI.create(text))).as(text).isEmpty();
        }
    }

    @Property
    void anyKeyComesBack(@ForAll @StringLength(min = 1, max = 40) String key) {
        S3Uri uri = new S3Uri("bucket", key, null);

        assertThat(S3Uri.parse(uri.uri())).contains(uri);
    }
}
