package dev.gbpf.host.interpose;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A process that attaches, as the library in an application does it: it makes a segment, says hello, and launches. */
final class FakeProcess implements AutoCloseable {
    private static final int F_ADD_SEALS = 1033;
    static final int SEALS = SystemCalls.F_SEAL_SHRINK | SystemCalls.F_SEAL_GROW;
    private static final int ALLOW_SEALING = 2;
    private static final long PATIENCE_NS = 20_000_000_000L;

    private static final MethodHandle MEMFD = call("memfd_create", -1, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle TRUNCATE = call("ftruncate", -1, JAVA_INT, JAVA_INT, JAVA_LONG);
    private static final MethodHandle FCNTL = call("fcntl", 2, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle SENDMSG = call("sendmsg", -1, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle RECV = call("recv", -1, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);

    private final int socket;
    private final Segment segment;
    final Welcome welcome;

    /** What the daemon said. */
    record Welcome(WelcomeStatus status, long client, int tenant, String message) {}

    private FakeProcess(int socket, Segment segment, Welcome welcome) {
        this.socket = socket;
        this.segment = segment;
        this.welcome = welcome;
    }

    private static MethodHandle call(String name, int fixed, MemoryLayout result, MemoryLayout... arguments) {
        Linker linker = Linker.nativeLinker();
        FunctionDescriptor descriptor = FunctionDescriptor.of(result, arguments);
        return fixed < 0
                ? linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor)
                : linker.downcallHandle(
                        linker.defaultLookup().findOrThrow(name), descriptor, Linker.Option.firstVariadicArg(fixed));
    }

    /** What it says and brings; a test changes it to say something wrong. */
    static final class Words {
        long magic = SegmentLayout.MAGIC;
        int version = SegmentLayout.VERSION;
        int bytes = SegmentLayout.BYTES;
        int fileBytes = SegmentLayout.BYTES;
        int seals = SEALS;
        int descriptors = 1;
        int messageBytes = (int) SegmentLayout.HELLO.byteSize();
        ApplicationClass kind = ApplicationClass.BEST_EFFORT;
        String tenant = "training";
    }

    static FakeProcess attach(Path path, ApplicationClass kind, String tenant) {
        Words words = new Words();
        words.kind = kind;
        words.tenant = tenant;
        return attach(path, words);
    }

    static FakeProcess attach(Path path, Words words) {
        try (Arena arena = Arena.ofConfined()) {
            int fd = (int) MEMFD.invokeExact(arena.allocateFrom("gbpf"), ALLOW_SEALING);
            int done = (int) TRUNCATE.invokeExact(fd, (long) words.fileBytes);
            done |= (int) FCNTL.invokeExact(fd, F_ADD_SEALS, words.seals);
            if (fd < 0 || done != 0) {
                throw new AssertionError("no memory for a segment");
            }
            Words own = new Words();
            Segment segment;
            int mine = (int) MEMFD.invokeExact(arena.allocateFrom("none"), ALLOW_SEALING);
            if (words.fileBytes == own.fileBytes && words.seals == own.seals) {
                segment = Segment.map(fd);
            } else {
                done = (int) TRUNCATE.invokeExact(mine, (long) own.fileBytes);
                done |= (int) FCNTL.invokeExact(mine, F_ADD_SEALS, own.seals);
                segment = Segment.map(mine);
            }
            SystemCalls.close(mine);
            int socket = SystemCalls.socket(0);
            SystemCalls.connect(socket, path);
            send(arena, socket, fd, words);
            SystemCalls.close(fd);
            return new FakeProcess(socket, segment, receive(arena, socket));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static void send(Arena arena, int socket, int fd, Words words) throws Throwable {
        MemorySegment hello = arena.allocate(Math.max(words.messageBytes, SegmentLayout.HELLO.byteSize()), 8);
        hello.set(JAVA_LONG, 0, words.magic);
        hello.set(JAVA_INT, 8, words.version);
        hello.set(JAVA_INT, 12, words.bytes);
        hello.set(JAVA_INT, 16, words.kind.ordinal());
        byte[] name = words.tenant.getBytes(StandardCharsets.UTF_8);
        MemorySegment.copy(name, 0, hello, JAVA_BYTE, 24, Math.min(name.length, SegmentLayout.TENANT_NAME));
        hello.asSlice(24 + SegmentLayout.TENANT_NAME).setString(0, "fake");
        MemorySegment vector = arena.allocate(JAVA_LONG, 2);
        vector.set(ADDRESS, 0, hello);
        vector.set(JAVA_LONG, 8, words.messageBytes);
        MemorySegment header = arena.allocate(56, 8);
        header.set(ADDRESS, 16, vector);
        header.set(JAVA_LONG, 24, 1);
        if (words.descriptors > 0) {
            long length = 16 + 4L * words.descriptors;
            MemorySegment control = arena.allocate((length + 7) / 8 * 8, 8);
            control.set(JAVA_LONG, 0, length);
            control.set(JAVA_INT, 8, 1);
            control.set(JAVA_INT, 12, 1);
            for (int i = 0; i < words.descriptors; i++) {
                control.set(JAVA_INT, 16 + 4L * i, fd);
            }
            header.set(ADDRESS, 32, control);
            header.set(JAVA_LONG, 40, control.byteSize());
        }
        long sent = (long) SENDMSG.invokeExact(socket, header, 0);
        if (sent != words.messageBytes) {
            throw new AssertionError("sent " + sent);
        }
    }

    private static Welcome receive(Arena arena, int socket) throws Throwable {
        MemorySegment welcome = arena.allocate(SegmentLayout.WELCOME);
        long bytes = (long) RECV.invokeExact(socket, welcome, welcome.byteSize(), 0);
        if (bytes != welcome.byteSize()) {
            throw new AssertionError("the daemon said " + bytes + " bytes");
        }
        return new Welcome(
                WelcomeStatus.values()[welcome.get(JAVA_INT, 12)],
                welcome.get(JAVA_LONG, 16),
                welcome.get(JAVA_INT, 24),
                welcome.getString(32));
    }

    // ---- its segment

    private static long at(int stream, String field) {
        return SegmentLayout.stream(stream) + SegmentLayout.in(SegmentLayout.STREAM, field);
    }

    Segment segment() {
        return segment;
    }

    int order(String field) {
        return segment.getIntAcquire(SegmentLayout.at("orders", field));
    }

    long orderLong(String field) {
        return segment.getLongAcquire(SegmentLayout.at("orders", field));
    }

    int streamInt(int stream, String field) {
        return segment.getIntAcquire(at(stream, field));
    }

    long streamLong(int stream, String field) {
        return segment.getLongAcquire(at(stream, field));
    }

    /** Takes a place for a stream. */
    void open(int stream, int owner) {
        for (String field : new String[] {"launched_ns", "launched", "synchronized", "wanted_ns", "last_launch_ns"}) {
            segment.putLong(at(stream, field), 0);
        }
        segment.putIntRelease(at(stream, "owner"), owner);
    }

    void free(int stream) {
        segment.putIntRelease(at(stream, "owner"), 0);
    }

    /** Whether the gate lets so much pass now. */
    boolean passes(int stream, long ns) {
        if (order("mode") == SegmentLayout.MODE_BYPASS) {
            return true;
        }
        if (streamInt(stream, "taken") != streamInt(stream, "owner")) {
            return false;
        }
        long granted = streamLong(stream, "granted_ns");
        return granted == SegmentLayout.UNLIMITED
                || Long.compareUnsigned(streamLong(stream, "launched_ns") + ns, granted) <= 0;
    }

    /** Launches when the gate lets it; else asks for it, and says so. */
    boolean launch(int stream, long ns) {
        if (!passes(stream, ns)) {
            segment.putLongRelease(at(stream, "wanted_ns"), ns);
            segment.increment(SegmentLayout.at("report", "bell"));
            return false;
        }
        segment.putLongRelease(at(stream, "wanted_ns"), 0);
        segment.putLongRelease(at(stream, "launched_ns"), streamLong(stream, "launched_ns") + ns);
        segment.putLongRelease(at(stream, "launched"), streamLong(stream, "launched") + 1);
        return true;
    }

    /** Launches, and waits for the gate if need be. */
    void launchSoon(int stream, long ns) {
        await("the gate to let " + ns + " ns pass", () -> launch(stream, ns));
    }

    /** The application has waited for all that it launched. */
    void synchronize(int stream) {
        segment.putLongRelease(at(stream, "synchronized"), streamLong(stream, "launched"));
    }

    static void await(String what, BooleanSupplier condition) {
        long began = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - began > PATIENCE_NS) {
                throw new AssertionError("waited in vain for " + what);
            }
            LockSupport.parkNanos(50_000);
        }
    }

    /** Ends, as a process does that is killed. */
    @Override
    public void close() {
        SystemCalls.close(socket);
        segment.close();
    }
}
