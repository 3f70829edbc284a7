package io.palimpsest.testkit.document;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Workbooks (xlsx) with a table of many different texts, as an export of a database is: readers keep that table in memory,
 * however few cells show a text of it.
 *
 * <p>Source: ECMA-376 part 1, 18.4.9 (shared strings), and part 2 (the package).
 */
public final class WideWorkbook {
    private static final String HEAD = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
    private static final String SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private static final String DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private static final String PACKAGE = "http://schemas.openxmlformats.org/package/2006/";
    private static final String PART = "application/vnd.openxmlformats-officedocument.spreadsheetml.";
    /** Texts are cut from one pool, so that the file stays small. */
    private static final int POOL_CHARS = 8_192;

    private WideWorkbook() {}

    /**
     * With one cell.
     *
     * @param texts in the table
     * @param chars of each, ASCII
     */
    public static Path write(Path file, int texts, int chars) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.setLevel(Deflater.BEST_SPEED);
            part(
                    zip,
                    "[Content_Types].xml",
                    "<Types xmlns=\"" + PACKAGE + "content-types\">"
                            + "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
                            + override("/xl/workbook.xml", "sheet.main+xml")
                            + override("/xl/worksheets/sheet1.xml", "worksheet+xml")
                            + override("/xl/sharedStrings.xml", "sharedStrings+xml") + "</Types>");
            part(zip, "_rels/.rels", relations(relation(1, "officeDocument", "xl/workbook.xml")));
            part(
                    zip,
                    "xl/workbook.xml",
                    "<workbook xmlns=\"" + SHEETS + "\" xmlns:r=\"" + DOCUMENT
                            + "\"><sheets><sheet name=\"Export\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>");
            part(
                    zip,
                    "xl/_rels/workbook.xml.rels",
                    relations(relation(1, "worksheet", "worksheets/sheet1.xml")
                            + relation(2, "sharedStrings", "sharedStrings.xml")));
            part(
                    zip,
                    "xl/worksheets/sheet1.xml",
                    "<worksheet xmlns=\"" + SHEETS
                            + "\"><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row></sheetData></worksheet>");
            zip.putNextEntry(new ZipEntry("xl/sharedStrings.xml"));
            Writer out = new BufferedWriter(new OutputStreamWriter(zip, StandardCharsets.US_ASCII), 1 << 16);
            texts(out, texts, chars);
            out.flush();
            zip.closeEntry();
        }
        return file;
    }

    private static void texts(Writer out, int texts, int chars) throws IOException {
        Random random = new Random(5);
        StringBuilder pool = new StringBuilder();
        while (pool.length() < POOL_CHARS + chars) {
            pool.append((char) (random.nextInt(6) == 0 ? ' ' : 'a' + random.nextInt(26)));
        }
        out.write(HEAD + "<sst xmlns=\"" + SHEETS + "\" count=\"1\" uniqueCount=\"" + texts + "\">");
        for (int i = 0; i < texts; i++) {
            int start = random.nextInt(POOL_CHARS);
            out.write("<si><t>");
            out.write(i + " ");
            out.append(pool, start, start + chars);
            out.write("</t></si>");
        }
        out.write("</sst>");
    }

    private static void part(ZipOutputStream zip, String name, String xml) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write((HEAD + xml).getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
    }

    private static String override(String part, String type) {
        return "<Override PartName=\"" + part + "\" ContentType=\"" + PART + type + "\"/>";
    }

    private static String relations(String each) {
        return "<Relationships xmlns=\"" + PACKAGE + "relationships\">" + each + "</Relationships>";
    }

    private static String relation(int id, String type, String target) {
        return "<Relationship Id=\"rId" + id + "\" Type=\"" + DOCUMENT + "/" + type + "\" Target=\"" + target + "\"/>";
    }
}
