package dev.gbpf.host.interpose;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The system calls of Linux that Java lacks. Each either succeeds or throws with the call's name and the kernel's reason. */
final class SystemCalls {
    static final int EINTR = 4;
    static final int EAGAIN = 11;
    static final int ECONNRESET = 104;
    private static final int ENAMETOOLONG = 36;

    static final int AF_UNIX = 1;
    static final int SOCK_SEQPACKET = 5;
    static final int SOCK_NONBLOCK = 0x800;
    static final int SOCK_CLOEXEC = 0x80000;
    static final int MSG_NOSIGNAL = 0x4000;
    static final int MSG_CMSG_CLOEXEC = 0x4000_0000;
    static final int MSG_DONTWAIT = 0x40;
    private static final int F_SETFD = 2;
    private static final int FD_CLOEXEC = 1;
    static final int F_GET_SEALS = 1034;
    static final int F_SEAL_SHRINK = 2;
    static final int F_SEAL_GROW = 4;
    static final short POLLIN = 1;

    private static final int SOL_SOCKET = 1;
    private static final int SO_PEERCRED = 17;
    private static final int SEEK_END = 2;
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_SHARED = 1;
    private static final int FUTEX_WAKE = 1;
    private static final int SIGQUIT = 3;
    private static final int SIG_UNBLOCK = 1;
    private static final long SIGSET_BYTES = 128;
    private static final int PR_SET_TIMERSLACK = 29;
    private static final int CLOCK_MONOTONIC = 1;
    private static final boolean ARM = System.getProperty("os.arch").equals("aarch64");
    private static final long SYS_FUTEX = ARM ? 98 : 202;
    private static final int SUN_PATH = 2;
    static final int SOCKADDR_BYTES = 110;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(PathElement.groupElement("errno"));
    private static final ThreadLocal<MemorySegment> CAPTURED =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(STATE));

    private static final MethodHandle SOCKET = call("socket", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle BIND = call("bind", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle CONNECT = call("connect", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle LISTEN = call("listen", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle ACCEPT4 = call("accept4", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
    private static final MethodHandle GETSOCKOPT =
            call("getsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle RECVMSG = call("recvmsg", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle SEND = call("send", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    private static final MethodHandle LSEEK = call("lseek", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle MMAP =
            call("mmap", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
    private static final MethodHandle MUNMAP = call("munmap", JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle POLL = call("poll", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    private static final MethodHandle CLOSE = call("close", JAVA_INT, JAVA_INT);
    private static final MethodHandle CLOCK_GETTIME = call("clock_gettime", JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle GETEUID = call("geteuid", JAVA_INT);
    private static final MethodHandle PRCTL = variadic("prctl", 1, JAVA_INT, JAVA_INT, JAVA_LONG);
    private static final MethodHandle SETENV = call("setenv", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
    private static final MethodHandle SIGEMPTYSET = call("sigemptyset", JAVA_INT, ADDRESS);
    private static final MethodHandle SIGADDSET = call("sigaddset", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle SIGMASK = call("pthread_sigmask", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle EXECVP = call("execvp", JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle FCNTL = variadic("fcntl", 2, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle FUTEX =
            variadic("syscall", 1, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);

    /** A call that the kernel refused. */
    static final class CallException extends IOException {
        private static final long serialVersionUID = 1L;
        private final int errno;

        CallException(String call, int errno) {
            super(call + ": " + words(errno));
            this.errno = errno;
        }

        int errno() {
            return errno;
        }

        private static String words(int errno) {
            return switch (errno) {
                case 1 -> "operation not permitted";
                case 2 -> "no such file or directory";
                case EINTR -> "interrupted";
                case EAGAIN -> "not now";
                case 12 -> "out of memory";
                case 13 -> "permission denied";
                case 22 -> "invalid argument";
                case 23, 24 -> "too many open files";
                case 32 -> "the other end is closed";
                case 98 -> "the address is in use";
                case ECONNRESET -> "the other end has gone";
                case 111 -> "nobody listens";
                default -> "error " + errno;
            };
        }
    }

    /**
     * Who is at the other end of a socket.
     *
     * @param pid its process
     * @param uid its user
     * @param gid its group
     */
    record Credentials(int pid, int uid, int gid) {}

    private SystemCalls() {}

    private static MethodHandle call(String name, MemoryLayout result, MemoryLayout... arguments) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(result, arguments),
                Linker.Option.captureCallState("errno"));
    }

    private static MethodHandle variadic(String name, int fixed, MemoryLayout result, MemoryLayout... arguments) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(result, arguments),
                Linker.Option.firstVariadicArg(fixed),
                Linker.Option.captureCallState("errno"));
    }

    /** One call, which leaves its error number in {@code state}. */
    @FunctionalInterface
    private interface Downcall {
        long run(MemorySegment state) throws Throwable;
    }

    private static long checked(String name, Downcall call) throws CallException {
        MemorySegment state = CAPTURED.get();
        long result = unchecked(call, state);
        if (result < 0) {
            throw new CallException(name, (int) ERRNO.get(state, 0L));
        }
        return result;
    }

    private static long unchecked(Downcall call, MemorySegment state) {
        try {
            return call.run(state);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** A socket that is gone when another program is executed. */
    static int socket(int flags) throws CallException {
        int type = SOCK_SEQPACKET | SOCK_CLOEXEC | flags;
        return (int) checked("socket", state -> (int) SOCKET.invokeExact(state, AF_UNIX, type, 0));
    }

    /** Gives a socket a path; the file must not be there. */
    static void bind(int socket, Path path) throws CallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = address(arena, path);
            checked("bind " + path, state -> (int) BIND.invokeExact(state, socket, address, SOCKADDR_BYTES));
        }
    }

    /** Connects to the socket of a path. */
    static void connect(int socket, Path path) throws CallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = address(arena, path);
            checked("connect to " + path, state -> (int) CONNECT.invokeExact(state, socket, address, SOCKADDR_BYTES));
        }
    }

    private static MemorySegment address(Arena arena, Path path) throws CallException {
        byte[] text = path.toString().getBytes(StandardCharsets.UTF_8);
        if (text.length > SOCKADDR_BYTES - SUN_PATH - 1) {
            throw new CallException("the path " + path + " is too long for a socket", ENAMETOOLONG);
        }
        MemorySegment address = arena.allocate(SOCKADDR_BYTES, Long.BYTES);
        address.set(JAVA_SHORT, 0, (short) AF_UNIX);
        MemorySegment.copy(text, 0, address, JAVA_BYTE, SUN_PATH, text.length);
        return address;
    }

    static void listen(int socket, int backlog) throws CallException {
        checked("listen", state -> (int) LISTEN.invokeExact(state, socket, backlog));
    }

    /** The next connection, which does not block. */
    static int accept(int socket) throws CallException {
        return (int) checked("accept", state -> (int) ACCEPT4.invokeExact(
                state, socket, MemorySegment.NULL, MemorySegment.NULL, SOCK_CLOEXEC | SOCK_NONBLOCK));
    }

    /** Who connected, as the kernel says it. */
    static Credentials peer(int socket) throws CallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment credentials = arena.allocate(JAVA_INT, 3);
            MemorySegment length = arena.allocateFrom(JAVA_INT, (int) credentials.byteSize());
            checked("getsockopt", state ->
                    (int) GETSOCKOPT.invokeExact(state, socket, SOL_SOCKET, SO_PEERCRED, credentials, length));
            return new Credentials(
                    credentials.getAtIndex(JAVA_INT, 0),
                    credentials.getAtIndex(JAVA_INT, 1),
                    credentials.getAtIndex(JAVA_INT, 2));
        }
    }

    /** Receives a message with what came beside it; at once or not at all. */
    static long receive(int socket, MemorySegment header) throws CallException {
        return checked(
                "recvmsg", state -> (long) RECVMSG.invokeExact(state, socket, header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC));
    }

    /** Sends a message, at once or not at all. */
    static void send(int socket, MemorySegment message) throws CallException {
        checked("send", state ->
                (long) SEND.invokeExact(state, socket, message, message.byteSize(), MSG_DONTWAIT | MSG_NOSIGNAL));
    }

    /** The seals of a file in memory. */
    static int seals(int fd) throws CallException {
        return (int) checked("fcntl", state -> (int) FCNTL.invokeExact(state, fd, F_GET_SEALS, 0));
    }

    /** A descriptor is closed when another program is executed. */
    static void closeOnExec(int fd) {
        unchecked(state -> (int) FCNTL.invokeExact(state, fd, F_SETFD, FD_CLOEXEC), CAPTURED.get());
    }

    /** Bytes of a file. */
    static long size(int fd) throws CallException {
        return checked("lseek", state -> (long) LSEEK.invokeExact(state, fd, 0L, SEEK_END));
    }

    /** The address at which a file is from here on, to read and to write, for all processes that have it. */
    static long map(int fd, long bytes) throws CallException {
        return checked("mmap", state -> (long) MMAP.invokeExact(state, 0L, bytes, PROT_READ_WRITE, MAP_SHARED, fd, 0L));
    }

    static void unmap(long address, long bytes) {
        unchecked(state -> (int) MUNMAP.invokeExact(state, address, bytes), CAPTURED.get());
    }

    /**
     * Waits until something happens on descriptors.
     *
     * @param descriptors {@code struct pollfd}, 8 bytes each
     * @return how many something happened on; 0 after the time, or when the thread was interrupted by a signal
     */
    static int poll(MemorySegment descriptors, int count, int ms) throws CallException {
        try {
            return (int) checked("poll", state -> (int) POLL.invokeExact(state, descriptors, (long) count, ms));
        } catch (CallException e) {
            if (e.errno() == EINTR) {
                return 0;
            }
            throw e;
        }
    }

    /** Gives a descriptor back, whatever the kernel says to it. */
    static void close(int fd) {
        unchecked(state -> (int) CLOSE.invokeExact(state, fd), CAPTURED.get());
    }

    /** Wakes everybody who waits at a word, in whatever process. */
    static void wake(MemorySegment word) {
        unchecked(
                state -> (long) FUTEX.invokeExact(state, SYS_FUTEX, word, FUTEX_WAKE, Integer.MAX_VALUE, 0L, 0L, 0),
                CAPTURED.get());
    }

    /** The kernel wakes this thread as exactly as it can when a time is over, and not up to 50 us later. */
    static void wakeOnTime() {
        unchecked(state -> (int) PRCTL.invokeExact(state, PR_SET_TIMERSLACK, 1L), CAPTURED.get());
    }

    /** Sets a variable of this process's environment. */
    static void setVariable(Arena arena, String name, String value) {
        MemorySegment nameText = arena.allocateFrom(name);
        MemorySegment valueText = arena.allocateFrom(value);
        unchecked(state -> (int) SETENV.invokeExact(state, nameText, valueText, 1), CAPTURED.get());
    }

    /** Java blocks this signal in its threads, and a program that is executed would have it blocked too. */
    static void unblockSignals(Arena arena) {
        MemorySegment set = arena.allocate(SIGSET_BYTES);
        unchecked(state -> (int) SIGEMPTYSET.invokeExact(state, set), CAPTURED.get());
        unchecked(state -> (int) SIGADDSET.invokeExact(state, set, SIGQUIT), CAPTURED.get());
        unchecked(state -> (int) SIGMASK.invokeExact(state, SIG_UNBLOCK, set, MemorySegment.NULL), CAPTURED.get());
    }

    /** Executes a program in place of this one; returns only when that fails, with why. */
    static CallException execute(MemorySegment file, MemorySegment arguments, String name) {
        try {
            checked(name, state -> (int) EXECVP.invokeExact(state, file, arguments));
            throw new IllegalStateException("execvp has returned");
        } catch (CallException e) {
            return e;
        }
    }

    /** The user of this process. */
    static int user() {
        return (int) unchecked(state -> (int) GETEUID.invokeExact(state), CAPTURED.get());
    }

    /** The clock that all processes share, ns. */
    static long monotonicNs() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment time = arena.allocate(JAVA_LONG, 2);
            unchecked(state -> (int) CLOCK_GETTIME.invokeExact(state, CLOCK_MONOTONIC, time), CAPTURED.get());
            return time.getAtIndex(JAVA_LONG, 0) * 1_000_000_000L + time.getAtIndex(JAVA_LONG, 1);
        }
    }
}
