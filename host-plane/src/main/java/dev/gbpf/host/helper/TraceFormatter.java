package dev.gbpf.host.helper;

import dev.gbpf.abi.Errno;
import dev.gbpf.abi.Helper;
import dev.gbpf.host.memory.NativeMemory;

/**
 * Formats lines of {@code trace_printk} into a buffer of its own, without allocation. What comes out is ASCII that a terminal
 * may show: printable characters, and blanks in place of tabs and line ends.
 */
public final class TraceFormatter {
    /** Digits of the greatest number, with its sign. */
    private static final int MAX_DIGITS = 20;

    private static final int MAX_CONVERSIONS = 3;

    private final byte[] line = new byte[Helper.MAX_TRACE_LINE];
    private final byte[] digits = new byte[MAX_DIGITS];
    private int length;

    /** Copies the line that was formatted last to the start of {@code target}. */
    public void copyTo(byte[] target, int count) {
        System.arraycopy(line, 0, target, 0, count);
    }

    /**
     * Formats a line.
     *
     * @param format address of the format
     * @param size its bytes, its zero byte included
     * @return the length of the line, or an error
     */
    public long format(long format, long size, long a, long b, long c) {
        length = 0;
        int conversions = 0;
        int end = (int) size - 1;
        if (NativeMemory.getByte(format + end) != 0) {
            return Errno.EINVAL;
        }
        int i = 0;
        while (i < end) {
            byte character = byteAt(format, i++, end);
            if (character == 0) {
                break;
            }
            if (character != '%') {
                if (!isText(character)) {
                    return Errno.EINVAL;
                }
                put(character);
                continue;
            }
            int width = Integer.SIZE;
            byte conversion = byteAt(format, i++, end);
            for (int l = 0; conversion == 'l' && l < 2; l++) {
                width = Long.SIZE;
                conversion = byteAt(format, i++, end);
            }
            if (conversion == '%' && width == Integer.SIZE) {
                put((byte) '%');
                continue;
            }
            if (conversions == MAX_CONVERSIONS) {
                return Errno.EINVAL;
            }
            long argument = conversions == 0 ? a : conversions == 1 ? b : c;
            conversions++;
            if (!convert(conversion, width, argument)) {
                return Errno.EINVAL;
            }
        }
        return length;
    }

    /** A byte of the format; zero from its end on, whatever others write there meanwhile. */
    private static byte byteAt(long format, int index, int end) {
        return index < end ? NativeMemory.getByte(format + index) : 0;
    }

    private boolean convert(byte conversion, int width, long argument) {
        boolean isLong = width == Long.SIZE;
        switch (conversion) {
            case 'd', 'i' -> signed(isLong ? argument : (int) argument);
            case 'u' -> unsigned(isLong ? argument : argument & 0xFFFF_FFFFL, 10);
            case 'x' -> unsigned(isLong ? argument : argument & 0xFFFF_FFFFL, 16);
            case 'p' -> {
                put((byte) '0');
                put((byte) 'x');
                unsigned(argument, 16);
            }
            case 'c' -> put(isText((byte) argument) ? (byte) argument : (byte) '.');
            default -> {
                return false;
            }
        }
        return !(isLong && (conversion == 'c' || conversion == 'p'));
    }

    private void signed(long number) {
        if (number < 0) {
            put((byte) '-');
        }
        // The magnitude of the least number is itself, read as unsigned.
        unsigned(number < 0 ? -number : number, 10);
    }

    private void unsigned(long number, int base) {
        int count = 0;
        long rest = number;
        do {
            int digit = (int) Long.remainderUnsigned(rest, base);
            digits[count++] = (byte) (digit < 10 ? '0' + digit : 'a' + digit - 10);
            rest = Long.divideUnsigned(rest, base);
        } while (rest != 0);
        while (count > 0) {
            put(digits[--count]);
        }
    }

    private void put(byte character) {
        if (length < line.length) {
            line[length++] = character < ' ' ? (byte) ' ' : character;
        }
    }

    /** Printable ASCII, tab and line end. */
    private static boolean isText(byte character) {
        return (character >= ' ' && character < 0x7f) || character == '\t' || character == '\n';
    }
}
