package io.palimpsest.testkit.document;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32;

/**
 * ZIPs with entries under a password, by the traditional cipher of PKWARE, as {@code zip -e} makes them; the JDK writes
 * none. Entries are stored without compression.
 *
 * <p>Source: APPNOTE.TXT 4.3.7, 4.3.12 and 4.3.16 (headers), 6.1 (cipher).
 */
public final class EncryptedZip {
    /** Of every locked entry. */
    public static final String PASSWORD = "open sesame";

    private static final int LOCAL = 0x04034b50;
    private static final int CENTRAL = 0x02014b50;
    private static final int END = 0x06054b50;
    private static final int VERSION = 20;
    private static final int DATE = 0x5a21; // 1 January 2025
    private static final int CIPHER_HEADER_BYTES = 12;

    private EncryptedZip() {}

    /**
     * One file in the archive.
     *
     * @param name ASCII
     */
    public record Entry(String name, String text, boolean isLocked) {}

    public static Path write(Path file, List<Entry> entries) throws IOException {
        Bytes body = new Bytes();
        Bytes directory = new Bytes();
        for (Entry entry : entries) {
            byte[] plain = entry.text().getBytes(StandardCharsets.UTF_8);
            byte[] name = entry.name().getBytes(StandardCharsets.US_ASCII);
            CRC32 crc = new CRC32();
            crc.update(plain);
            byte[] data = entry.isLocked() ? encrypted(plain, (int) crc.getValue()) : plain;
            Bytes common = new Bytes()
                    .two(VERSION)
                    .two(entry.isLocked() ? 1 : 0)
                    .four(0)
                    .two(DATE)
                    .four((int) crc.getValue())
                    .four(data.length)
                    .four(plain.length)
                    .two(name.length)
                    .two(0);
            directory
                    .four(CENTRAL)
                    .two(VERSION)
                    .all(common.all())
                    .two(0)
                    .four(0)
                    .four(0)
                    .four(body.all().length)
                    .all(name);
            body.four(LOCAL).all(common.all()).all(name).all(data);
        }
        int start = body.all().length;
        body.all(directory.all())
                .four(END)
                .four(0)
                .two(entries.size())
                .two(entries.size())
                .four(directory.all().length)
                .four(start)
                .two(0);
        return Files.write(file, body.all());
    }

    /** Numbers with their lowest byte first. */
    private static final class Bytes {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Bytes two(int number) {
            bytes.write(number);
            bytes.write(number >>> 8);
            return this;
        }

        Bytes four(int number) {
            return two(number).two(number >>> 16);
        }

        Bytes all(byte[] more) {
            bytes.writeBytes(more);
            return this;
        }

        byte[] all() {
            return bytes.toByteArray();
        }
    }

    /** The cipher's header, of which the last byte checks the password, and the text. */
    private static byte[] encrypted(byte[] plain, int crc) {
        Keys keys = new Keys(PASSWORD);
        byte[] out = new byte[CIPHER_HEADER_BYTES + plain.length];
        for (int i = 0; i < CIPHER_HEADER_BYTES; i++) {
            out[i] = keys.encrypt((byte) (i == CIPHER_HEADER_BYTES - 1 ? crc >>> 24 : 31 * i));
        }
        for (int i = 0; i < plain.length; i++) {
            out[CIPHER_HEADER_BYTES + i] = keys.encrypt(plain[i]);
        }
        return out;
    }

    private static final class Keys {
        private int first = 0x12345678;
        private int second = 0x23456789;
        private int third = 0x34567890;

        Keys(String password) {
            for (byte letter : password.getBytes(StandardCharsets.US_ASCII)) {
                update(letter);
            }
        }

        byte encrypt(byte plain) {
            int mask = (third | 2) & 0xffff;
            int stream = (mask * (mask ^ 1)) >>> 8;
            update(plain);
            return (byte) (plain ^ stream);
        }

        private void update(byte plain) {
            first = crc(first, plain);
            second = (second + (first & 0xff)) * 134_775_813 + 1;
            third = crc(third, second >>> 24);
        }

        private static int crc(int before, int octet) {
            int rest = (before ^ octet) & 0xff;
            for (int bit = 0; bit < 8; bit++) {
                rest = (rest & 1) == 0 ? rest >>> 1 : (rest >>> 1) ^ 0xedb88320;
            }
            return before >>> 8 ^ rest;
        }
    }
}
