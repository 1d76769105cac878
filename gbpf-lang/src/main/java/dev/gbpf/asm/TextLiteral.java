package dev.gbpf.asm;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Texts in double quotes, with the escapes of C: {@code \n \t \r \0 \" \\ \x41}. */
final class TextLiteral {
    private TextLiteral() {}

    /** The bytes of a text, in UTF-8; no zero byte is added. */
    static byte[] bytes(Token token) {
        String text = token.text();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int end = text.length() - 1;
        int i = 1;
        while (i < end) {
            int plain = text.indexOf('\\', i);
            int stop = plain < 0 ? end : Math.min(plain, end);
            out.writeBytes(text.substring(i, stop).getBytes(StandardCharsets.UTF_8));
            i = stop;
            if (i < end) {
                i = escape(token, i, out);
            }
        }
        return out.toByteArray();
    }

    /** Writes what the escape at {@code start} stands for; where it ends. */
    private static int escape(Token token, int start, ByteArrayOutputStream out) {
        String text = token.text();
        char kind = text.charAt(start + 1);
        int value = switch (kind) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case '0' -> 0;
            case '"', '\\' -> kind;
            case 'x' -> hex(text, start + 2);
            default -> -1;
        };
        if (value < 0) {
            Token place = new Token(
                    Token.Kind.SYMBOL, text.substring(start, start + 2), token.line(), token.column() + start);
            throw new AssemblyException(
                    AssemblyProblem.SYNTAX,
                    place,
                    place.inWords() + " is no escape",
                    "unknown",
                    "there are \\n \\t \\r \\0 \\\" \\\\ and \\x with two hexadecimal digits");
        }
        out.write(value);
        return start + (kind == 'x' ? 4 : 2);
    }

    private static int hex(String text, int at) {
        boolean isHex = at + 2 < text.length()
                && HexFormat.isHexDigit(text.charAt(at))
                && HexFormat.isHexDigit(text.charAt(at + 1));
        return isHex ? HexFormat.fromHexDigits(text, at, at + 2) : -1;
    }
}
