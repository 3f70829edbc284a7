package io.palimpsest.ingest.extract.fork;

/**
 * What the parser process is asked to read, as one string: three lines.
 *
 * @param contentType as declared, empty where unknown
 * @param fileName as declared, empty where unknown
 */
public record DocumentRequest(String path, String contentType, String fileName) {
    public DocumentRequest {
        contentType = oneLine(contentType);
        fileName = oneLine(fileName);
    }

    public String encode() {
        return contentType + '\n' + fileName + '\n' + path;
    }

    static DocumentRequest decode(String encoded) {
        String[] lines = encoded.split("\n", 3);
        return new DocumentRequest(lines[2], lines[0], lines[1]);
    }

    private static String oneLine(String value) {
        return value.replaceAll("\\p{Cntrl}", " ").strip();
    }
}
