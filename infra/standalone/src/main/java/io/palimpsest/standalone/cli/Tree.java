package io.palimpsest.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;

/** Prints a JSON object as aligned names and values, nested ones indented. */
final class Tree {
    private Tree() {}

    static void print(JsonNode node, PrintWriter out, String indent) {
        node.properties().forEach(field -> {
            if (field.getValue().isContainerNode()) {
                out.println(indent + field.getKey());
                if (field.getValue().isArray()) {
                    field.getValue().forEach(item -> item(item, out, indent + "  "));
                } else {
                    print(field.getValue(), out, indent + "  ");
                }
            } else {
                out.printf(
                        "%s%-24s %s%n", indent, field.getKey(), field.getValue().asText());
            }
        });
    }

    private static void item(JsonNode item, PrintWriter out, String indent) {
        if (item.isContainerNode()) {
            out.println(indent + "-");
            print(item, out, indent + "  ");
        } else {
            out.println(indent + "- " + item.asText());
        }
    }
}
