package dev.gbpf.host.interpose;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.gbpf.host.interpose.SystemCalls.CallException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a process says first. Whatever descriptors came with a message that is not accepted are closed.
 *
 * @param segment the descriptor of its segment, the caller's to close
 */
record Hello(ApplicationClass kind, String tenant, String command, int segment) {
    private static final long MESSAGE = SegmentLayout.HELLO.byteSize();
    private static final int HEADER_BYTES = 56;
    private static final int CONTROL_BYTES = 64;
    private static final int CONTROL_HEADER = 16;
    private static final int SOL_SOCKET = 1;
    private static final int SCM_RIGHTS = 1;
    private static final int TRUNCATED = 0x20 | 0x08; // MSG_TRUNC, MSG_CTRUNC

    private static final class Header {
        static final long VECTOR = 16;
        static final long VECTORS = 24;
        static final long CONTROL = 32;
        static final long CONTROL_LENGTH = 40;
        static final long FLAGS = 48;

        private Header() {}
    }

    /**
     * Receives it.
     *
     * @throws AttachException when it is not as {@code segment.h} says
     * @throws CallException when there is no message, among other things
     */
    static Hello receive(int socket) throws AttachException, CallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment message = arena.allocate(MESSAGE, Long.BYTES);
            MemorySegment control = arena.allocate(CONTROL_BYTES, Long.BYTES);
            MemorySegment vector = arena.allocate(JAVA_LONG, 2);
            vector.set(ADDRESS, 0, message);
            vector.set(JAVA_LONG, Long.BYTES, MESSAGE);
            MemorySegment header = arena.allocate(HEADER_BYTES, Long.BYTES);
            header.set(ADDRESS, Header.VECTOR, vector);
            header.set(JAVA_LONG, Header.VECTORS, 1);
            header.set(ADDRESS, Header.CONTROL, control);
            header.set(JAVA_LONG, Header.CONTROL_LENGTH, CONTROL_BYTES);
            long bytes = SystemCalls.receive(socket, header);
            if (bytes == 0) {
                throw new CallException("hello", SystemCalls.ECONNRESET);
            }
            List<Integer> descriptors = descriptors(control, header.get(JAVA_LONG, Header.CONTROL_LENGTH));
            try {
                if (bytes != MESSAGE || (header.get(JAVA_INT, Header.FLAGS) & TRUNCATED) != 0) {
                    throw new AttachException(
                            WelcomeStatus.VERSION, "the message has " + bytes + " bytes, expected " + MESSAGE);
                }
                if (descriptors.size() != 1) {
                    throw new AttachException(
                            WelcomeStatus.SEGMENT,
                            "the message brings " + descriptors.size() + " descriptors, expected 1");
                }
                return parse(message, descriptors.removeFirst());
            } finally {
                descriptors.forEach(SystemCalls::close);
            }
        }
    }

    private static List<Integer> descriptors(MemorySegment control, long length) {
        List<Integer> descriptors = new ArrayList<>();
        long at = 0;
        while (at + CONTROL_HEADER <= Math.min(length, CONTROL_BYTES)) {
            long size = control.get(JAVA_LONG, at);
            if (size < CONTROL_HEADER || at + size > CONTROL_BYTES) {
                break;
            }
            if (control.get(JAVA_INT, at + Long.BYTES) == SOL_SOCKET
                    && control.get(JAVA_INT, at + Long.BYTES + Integer.BYTES) == SCM_RIGHTS) {
                for (long fd = at + CONTROL_HEADER; fd + Integer.BYTES <= at + size; fd += Integer.BYTES) {
                    descriptors.add(control.get(JAVA_INT, fd));
                }
            }
            at += (size + Long.BYTES - 1) / Long.BYTES * Long.BYTES;
        }
        return descriptors;
    }

    private static Hello parse(MemorySegment message, int descriptor) throws AttachException {
        try {
            long magic = message.get(JAVA_LONG, at("magic"));
            int version = message.get(JAVA_INT, at("version"));
            if (magic != SegmentLayout.MAGIC || version != SegmentLayout.VERSION) {
                throw new AttachException(
                        WelcomeStatus.VERSION,
                        "the library speaks version " + Integer.toUnsignedString(version) + ", this daemon "
                                + SegmentLayout.VERSION);
            }
            int bytes = message.get(JAVA_INT, at("bytes"));
            if (bytes != SegmentLayout.BYTES) {
                throw new AttachException(
                        WelcomeStatus.VERSION,
                        "the library's segment has " + Integer.toUnsignedString(bytes) + " bytes, this daemon's "
                                + SegmentLayout.BYTES);
            }
            int kind = message.get(JAVA_INT, at("class_"));
            return new Hello(
                    kind == ApplicationClass.LATENCY.ordinal()
                            ? ApplicationClass.LATENCY
                            : ApplicationClass.BEST_EFFORT,
                    text(message, "tenant"),
                    text(message, "command"),
                    descriptor);
        } catch (AttachException e) {
            SystemCalls.close(descriptor);
            throw e;
        }
    }

    private static String text(MemorySegment message, String field) {
        return Segment.text(
                message.asSlice(at(field), SegmentLayout.TENANT_NAME).toArray(JAVA_BYTE));
    }

    private static long at(String field) {
        return SegmentLayout.in(SegmentLayout.HELLO, field);
    }

    /** Answers. */
    static void answer(int socket, WelcomeStatus status, long client, int tenant, String words) throws CallException {
        StructLayout layout = SegmentLayout.WELCOME;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment message = arena.allocate(layout);
            message.set(JAVA_LONG, SegmentLayout.in(layout, "magic"), SegmentLayout.MAGIC);
            message.set(JAVA_INT, SegmentLayout.in(layout, "version"), SegmentLayout.VERSION);
            message.set(JAVA_INT, SegmentLayout.in(layout, "status"), status.ordinal());
            message.set(JAVA_LONG, SegmentLayout.in(layout, "client"), client);
            message.set(JAVA_INT, SegmentLayout.in(layout, "tenant"), tenant);
            byte[] text = words.getBytes(StandardCharsets.US_ASCII);
            long at = SegmentLayout.in(layout, "message");
            int length = Math.min(text.length, (int) (layout.byteSize() - at) - 1);
            MemorySegment.copy(text, 0, message, JAVA_BYTE, at, length);
            SystemCalls.send(socket, message);
        }
    }
}
