package dev.gbpf.verifier.testkit;

import dev.gbpf.abi.ContextField;
import dev.gbpf.abi.ContextLayout;
import dev.gbpf.abi.Helper;
import dev.gbpf.abi.MapKind;
import dev.gbpf.abi.VerdictSpec;
import dev.gbpf.isa.Width;
import dev.gbpf.object.InitialContents;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.verifier.platform.ContextModel;
import dev.gbpf.verifier.platform.ProgramType;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** A made-up hook and maps, for which {@link RandomCode} writes programs. */
public final class TestHook {
    /** A hash of 4-byte keys and 16-byte values. */
    public static final int HASH = 0;
    /** An array of four 12-byte values, 16 bytes apart. */
    public static final int ARRAY = 1;
    /** A hash of 8-byte keys and 8-byte values. */
    public static final int WIDE = 2;

    /** A read-only array of one value of 16 bytes: 5 1 0 0 ff, then zeros. */
    public static final int CONSTANTS = 3;

    /** A per-CPU array of eight 8-byte values. */
    public static final int PERCPU = 4;

    /** A queue of 12-byte values. */
    public static final int QUEUE = 5;
    /** A ring buffer. */
    public static final int RING = 6;

    public static final List<MapDefinition> MAPS = List.of(
            new MapDefinition("hash", MapKind.HASH, 4, 16, 8),
            new MapDefinition("array", MapKind.ARRAY, 4, 12, 4),
            new MapDefinition("wide", MapKind.HASH, 8, 8, 8),
            new MapDefinition("constants", MapKind.ARRAY, 4, 16, 1)
                    .withInitial(InitialContents.of(new byte[] {5, 1, 0, 0, -1}))
                    .asReadOnly(),
            new MapDefinition("percpu", MapKind.PERCPU_ARRAY, 4, 8, 8),
            new MapDefinition("queue", MapKind.QUEUE, 0, 12, 4),
            new MapDefinition("ring", MapKind.RINGBUF, 0, 0, 256));

    /** Offsets: a 0 (8 bytes), b 8 (4), c 12 (4), out 16 (8, writable), out32 24 (4, writable). */
    public static final ContextLayout CONTEXT = new ContextLayout(
            "test_ctx",
            List.of(
                    new ContextField("a", 0, Width.DW, false, 0, -1, "A number."),
                    new ContextField("b", 8, Width.W, false, 0, 0xFFFF_FFFFL, "A number."),
                    new ContextField("c", 12, Width.W, false, 0, 0xFFFF_FFFFL, "A number."),
                    new ContextField("out", 16, Width.DW, true, 0, -1, "An output."),
                    new ContextField("out32", 24, Width.W, true, 0, 0xFFFF_FFFFL, "An output.")),
            32);

    private static final Set<Helper> HELPERS =
            EnumSet.complementOf(EnumSet.of(Helper.DSQ_MOVE, Helper.GET_SMP_PROCESSOR_ID));

    /** Instructions that a program may execute. */
    public static final int BUDGET = 100_000;

    /** Verdicts 0 to 10. */
    public static final ProgramType TYPE = new ProgramType(
            "test", null, new ContextModel.Fields(CONTEXT), new VerdictSpec(0, 10, List.of(), 0, "0"), BUDGET, HELPERS);

    /** The same, but any number is a verdict. */
    public static final ProgramType ANY_VERDICT = new ProgramType(
            "test",
            null,
            new ContextModel.Fields(CONTEXT),
            new VerdictSpec(Long.MIN_VALUE, Long.MAX_VALUE, List.of(), 0, "0"),
            BUDGET,
            HELPERS);

    private TestHook() {}
}
