package io.palimpsest.standalone.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/** Writes an e-mail (RFC 5322) with one attached text file. */
final class MailFile {
    private static final String BOUNDARY = "=-halden-robotics-1";

    private MailFile() {}

    /** @param mail header lines, a blank line, the body */
    static void write(String mail, String attachmentName, String attachment, Path file) throws IOException {
        int body = mail.indexOf("\n\n");
        String message = mail.substring(0, body)
                + "\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"" + BOUNDARY + "\"\n"
                + "\n--" + BOUNDARY + "\nContent-Type: text/plain; charset=utf-8\n"
                + "Content-Transfer-Encoding: base64\n\n" + base64(mail.substring(body + 2))
                + "\n--" + BOUNDARY + "\nContent-Type: text/plain; charset=utf-8; name=\"" + attachmentName + "\"\n"
                + "Content-Disposition: attachment; filename=\"" + attachmentName + "\"\n"
                + "Content-Transfer-Encoding: base64\n\n" + base64(attachment)
                + "\n--" + BOUNDARY + "--\n";
        Files.writeString(file, message.replace("\n", "\r\n"));
    }

    private static String base64(String text) {
        return Base64.getMimeEncoder(76, new byte[] {'\n'}).encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
