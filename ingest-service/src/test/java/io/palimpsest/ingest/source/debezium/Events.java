package io.palimpsest.ingest.source.debezium;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Records as Debezium's documentation shows them, of a table {@code articles} with the key {@code id}. */
final class Events {
    static final String SOURCE = """
            {"version":"3.6.1.Final","connector":"postgresql","name":"cms","ts_ms":1700000000000,"snapshot":"false",\
            "db":"cms","sequence":"[\\"24023119\\",\\"24023128\\"]","schema":"public","table":"articles","txId":771,\
            "lsn":24023128,"xmin":null}""";
    static final String MYSQL_SOURCE = """
            {"version":"3.6.1.Final","connector":"mysql","name":"cms","ts_ms":1700000000000,"snapshot":"false",\
            "db":"cms","sequence":null,"table":"articles","server_id":223344,"gtid":null,"file":"mysql-bin.000003",\
            "pos":484,"row":0,"thread":7,"query":null}""";
    static final String KEY = "{\"id\":7}";
    static final TableMapping MAPPING = mapping(TableMapping.Format.ENVELOPE, "body", Map.of());

    private Events() {}

    static TableMapping mapping(TableMapping.Format format, String content, Map<String, ColumnType> types) {
        return new TableMapping(
                "articles",
                "cms.public.articles",
                format,
                Template.parse("db://articles/{id}"),
                new TableMapping.Content(content, false, Optional.empty(), Optional.empty(), Optional.empty()),
                Optional.of("headline"),
                Optional.empty(),
                Optional.empty(),
                List.of(new TableMapping.Access("readers", "group:", ",")),
                Map.of("lang", "language"),
                Optional.empty(),
                Optional.empty(),
                types);
    }

    static String row(String body) {
        return "{\"id\":7,\"headline\":\"A title\",\"body\":" + body + ",\"readers\":\"hr, law\",\"language\":\"en\"}";
    }

    static String event(String op, @Nullable String before, @Nullable String after) {
        return event(op, before, after, SOURCE);
    }

    static String event(String op, @Nullable String before, @Nullable String after, String source) {
        return "{\"before\":" + before + ",\"after\":" + after + ",\"source\":" + source + ",\"op\":\"" + op
                + "\",\"ts_ms\":1700000000123,\"transaction\":null}";
    }

    /** With a schema: the columns' fields are the same before and after. */
    static String withSchema(String fields, String event) {
        return "{\"schema\":{\"type\":\"struct\",\"fields\":["
                + "{\"type\":\"struct\",\"fields\":[" + fields
                + "],\"optional\":true,\"name\":\"V\",\"field\":\"before\"},"
                + "{\"type\":\"struct\",\"fields\":[" + fields
                + "],\"optional\":true,\"name\":\"V\",\"field\":\"after\"},"
                + "{\"type\":\"string\",\"optional\":false,\"field\":\"op\"}"
                + "],\"optional\":false,\"name\":\"cms.public.articles.Envelope\"},\"payload\":" + event + "}";
    }

    static String keyWithSchema(String fields, String key) {
        return "{\"schema\":{\"type\":\"struct\",\"fields\":[" + fields
                + "],\"optional\":false,\"name\":\"cms.public.articles.Key\"},\"payload\":" + key + "}";
    }

    static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
