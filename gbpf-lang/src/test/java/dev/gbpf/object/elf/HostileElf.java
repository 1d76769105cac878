package dev.gbpf.object.elf;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.gbpf.object.ObjectReader;
import dev.gbpf.object.ObjectWriter;
import dev.gbpf.object.PolicyObject;
import java.lang.management.ManagementFactory;
import java.util.HexFormat;

/** What the reader owes whatever bytes it gets. */
final class HostileElf {
    /** Bytes that reading may allocate, per byte of the file and in any case. */
    private static final long PER_BYTE = 64;

    private static final long FIXED = 1 << 20;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    static {
        // Classes that are loaded at the first use count for nobody.
        check(ElfObjects.committed("everything.v3.o"), Long.MAX_VALUE);
        check(ElfObjects.committed("least_served.v1.o"), Long.MAX_VALUE);
    }

    private HostileElf() {}

    /** Reads: a policy object that its own format can hold, or a refusal with a code and advice. */
    static void check(byte[] bytes) {
        check(bytes, PER_BYTE * bytes.length + FIXED);
    }

    private static void check(byte[] bytes, long limit) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        PolicyObject object = null;
        ElfFormatException refusal = null;
        try {
            object = ElfObjectReader.read(bytes, "hostile.o");
        } catch (ElfFormatException e) {
            refusal = e;
        } catch (RuntimeException | StackOverflowError e) {
            throw new AssertionError("no diagnostic for " + HexFormat.of().formatHex(bytes), e);
        }
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        assertThat(allocated).as("bytes allocated for %d", bytes.length).isLessThan(limit);
        if (object != null) {
            assertThat(ObjectReader.read(ObjectWriter.write(object))).isEqualTo(object);
        }
        if (refusal != null) {
            assertThat(refusal).hasMessageStartingWith(refusal.code());
            assertThat(refusal.toDiagnostic("hostile.o").help()).isNotBlank();
        }
    }
}
