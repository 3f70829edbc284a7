package io.palimpsest.standalone.demo;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.poi.ss.usermodel.Cell;
import org.apache.poi.ss.usermodel.Row;
import org.apache.poi.ss.usermodel.Sheet;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;

/** Writes rows as a workbook with one sheet; the first row is its header. */
final class SheetFile {
    private SheetFile() {}

    /** @param table a row a line, cells between bars */
    static void write(String sheetName, String table, Path file) throws IOException {
        try (XSSFWorkbook workbook = new XSSFWorkbook();
                OutputStream out = Files.newOutputStream(file)) {
            Sheet sheet = workbook.createSheet(sheetName);
            for (String line : table.lines().toList()) {
                Row row = sheet.createRow(sheet.getPhysicalNumberOfRows());
                List<String> cells = Outline.cells(line);
                for (int i = 0; i < cells.size(); i++) {
                    fill(row.createCell(i), cells.get(i));
                }
            }
            workbook.write(out);
        }
    }

    private static void fill(Cell cell, String value) {
        if (value.matches("[0-9]+")) {
            cell.setCellValue(Double.parseDouble(value));
        } else {
            cell.setCellValue(value);
        }
    }
}
