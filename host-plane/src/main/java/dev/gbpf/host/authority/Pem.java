package dev.gbpf.host.authority;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Text around bytes, as RFC 7468 has it. */
final class Pem {
    private static final int LINE = 64;
    private static final int MOST_CHARACTERS = 16_384;
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z ]{1,40})-----([A-Za-z0-9+/=\\s]*+)-----END ([A-Z ]{1,40})-----");

    private Pem() {}

    /**
     * The bytes of the first block with a label.
     *
     * @throws KeyFormatException when there is none
     */
    static byte[] decode(String text, String label) throws KeyFormatException {
        if (text.length() <= MOST_CHARACTERS) {
            Matcher matcher = BLOCK.matcher(text);
            while (matcher.find()) {
                if (matcher.group(1).equals(label) && matcher.group(3).equals(label)) {
                    try {
                        return Base64.getMimeDecoder().decode(matcher.group(2));
                    } catch (IllegalArgumentException e) {
                        throw new KeyFormatException("the " + label + " is no base 64", e);
                    }
                }
            }
        }
        throw new KeyFormatException("there is no " + label + " in PEM", null);
    }

    /** A block. */
    static String encode(byte[] bytes, String label) {
        String body = Base64.getMimeEncoder(LINE, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(bytes);
        return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
    }
}
