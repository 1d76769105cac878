package dev.gbpf.host.workload;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;

/** A line of a trace, taken apart from left to right. Errors name the column at which they were found. */
final class TraceLine {
    private static final String FORMAT_REMEDY = "write it as in 2023-11-16 18:15:46.6805900";
    private static final int MIN_YEAR = 1970;
    private static final int MAX_YEAR = 2200;

    private final String file;
    private final byte[] text;
    private int length;
    private long number;
    private int at;

    TraceLine(String file, int capacity) {
        this.file = file;
        this.text = new byte[capacity];
    }

    void begin(long lineNumber) {
        number = lineNumber;
        length = 0;
        at = 0;
    }

    /** Adds a byte of text. */
    void add(int value) {
        if (value < 0x20 || value > 0x7E) {
            throw errorAt(
                    length,
                    String.format("byte 0x%02x is not text", value),
                    "give an uncompressed CSV file in ASCII, with lines ended by LF or CR LF");
        }
        if (length == text.length) {
            throw errorAt(
                    length,
                    "the line has more than " + text.length + " bytes",
                    "give one request a line: timestamp, context tokens, generated tokens");
        }
        text[length++] = (byte) value;
    }

    boolean isEmpty() {
        return length == 0;
    }

    /** Checks that the line is this text. */
    void expectExactly(String expected) {
        String found = new String(text, 0, length, StandardCharsets.US_ASCII);
        if (!found.equals(expected)) {
            throw errorAt(0, "the header is '" + found + "'", "begin the file with the line '" + expected + "'");
        }
    }

    /** A time in ns since 1970, UTC: {@code yyyy-MM-dd HH:mm:ss}, up to 9 decimals, and possibly {@code +00:00}. */
    long timestampNs() {
        int start = at;
        long year = digits(4, MIN_YEAR, MAX_YEAR, "year");
        expect('-');
        long month = digits(2, 1, 12, "month");
        expect('-');
        long day = digits(2, 1, 31, "day");
        expect(' ');
        long hour = digits(2, 0, 23, "hour");
        expect(':');
        long minute = digits(2, 0, 59, "minute");
        expect(':');
        long second = digits(2, 0, 59, "second");
        long fraction = fractionNs();
        if (at < length && text[at] == '+') {
            for (char c : "+00:00".toCharArray()) {
                expect(c);
            }
        }
        long days;
        try {
            days = LocalDate.of((int) year, (int) month, (int) day).toEpochDay();
        } catch (DateTimeException e) {
            WorkloadFormatException error = errorAt(start, "there is no such day", "correct the date");
            error.initCause(e);
            throw error;
        }
        return (days * 86_400 + hour * 3_600 + minute * 60 + second) * 1_000_000_000L + fraction;
    }

    private long fractionNs() {
        if (at == length || text[at] != '.') {
            return 0;
        }
        at++;
        int first = at;
        long value = 0;
        while (at < length && isDigit(text[at])) {
            if (at - first == 9) {
                throw errorAt(at, "the second has more than 9 decimals", FORMAT_REMEDY);
            }
            value = value * 10 + (text[at++] - '0');
        }
        if (at == first) {
            throw errorAt(at, "a decimal is missing", FORMAT_REMEDY);
        }
        for (int i = at - first; i < 9; i++) {
            value *= 10;
        }
        return value;
    }

    private long digits(int count, long least, long most, String what) {
        int start = at;
        long value = 0;
        for (int i = 0; i < count; i++) {
            if (at == length || !isDigit(text[at])) {
                throw errorAt(at, "a digit of the " + what + " is missing", FORMAT_REMEDY);
            }
            value = value * 10 + (text[at++] - '0');
        }
        if (value < least || value > most) {
            throw errorAt(start, what + "=" + value + " is not in " + least + ".." + most, FORMAT_REMEDY);
        }
        return value;
    }

    private void expect(char c) {
        if (at == length || text[at] != c) {
            throw errorAt(at, "'" + c + "' is missing", FORMAT_REMEDY);
        }
        at++;
    }

    /** A comma, before a column that must follow. */
    void comma(String column) {
        if (at == length) {
            throw errorAt(at, "column " + column + " is missing", "give each line its three columns");
        }
        if (text[at] != ',') {
            throw errorAt(at, "'" + (char) text[at] + "' stands where a comma should", "separate columns by one comma");
        }
        at++;
    }

    /** A number of tokens. */
    int tokens(String column, int least) {
        int start = at;
        long value = 0;
        while (at < length && isDigit(text[at]) && value <= LlmRequest.MAX_TOKENS) {
            value = value * 10 + (text[at++] - '0');
        }
        if (value > LlmRequest.MAX_TOKENS || (at > start && value < least)) {
            String shown = value > LlmRequest.MAX_TOKENS ? "more than " + LlmRequest.MAX_TOKENS : Long.toString(value);
            throw errorAt(
                    start,
                    column + " is " + shown + ", not in " + least + ".." + LlmRequest.MAX_TOKENS,
                    "correct or leave out the request");
        }
        if (at == start) {
            String found = at == length || text[at] == ',' ? "is empty" : "begins with '" + (char) text[at] + "'";
            throw errorAt(start, column + " " + found, "write a whole number that is not negative, in digits only");
        }
        return (int) value;
    }

    void end() {
        if (at != length) {
            throw errorAt(
                    at, "'" + (char) text[at] + "' follows the last column", "give each line its three columns only");
        }
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    /** An error at the beginning of this line. */
    WorkloadFormatException error(String what, String remedy) {
        return errorAt(0, what, remedy);
    }

    private WorkloadFormatException errorAt(int index, String what, String remedy) {
        return new WorkloadFormatException(file, number, index + 1, what, remedy);
    }
}
