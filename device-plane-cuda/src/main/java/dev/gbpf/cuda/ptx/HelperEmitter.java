package dev.gbpf.cuda.ptx;

import dev.gbpf.abi.Errno;
import dev.gbpf.abi.Helper;
import dev.gbpf.cuda.ptx.MemoryEmitter.Address;
import dev.gbpf.host.helper.HelperDispatcher;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.Width;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The helpers of device programs (gbpf/helper.cuh) in place; what is known of maps is constants here. */
final class HelperEmitter {
    /** struct gbpf_policy_log of gbpf/table.h. */
    private static final int LOG_ENTRIES = 1024;

    private static final int LOG_HEADER = 128;
    private static final int LOG_ENTRY = 32;

    /** What calls of hashes look like; {@link #declarations} has it. */
    private static final String HASH_PROTOTYPE = "call_hash";
    /** Where struct gbpf_hash has the address of the function. */
    private static final int HASH_CALL = 32;

    /** Copies of at most so many accesses are written out. */
    private static final int UNROLLED = 16;

    private final PtxWriter out;
    private final MemoryEmitter memory;
    private final PtxMaps maps;
    private boolean callsHashes;

    HelperEmitter(PtxWriter out, MemoryEmitter memory, PtxMaps maps) {
        this.out = out;
        this.memory = memory;
        this.maps = maps;
    }

    /**
     * A call.
     *
     * @param facts before it
     * @return false when device programs have no such helper
     */
    boolean call(int id, FactState facts) {
        Optional<Helper> helper = Helper.byId(id);
        if (helper.isEmpty()) {
            return false;
        }
        switch (helper.get()) {
            case KTIME_GET_NS -> out.op("mov.b64", "%r0", PtxFunction.NOW);
            case GET_SMP_PROCESSOR_ID -> {
                String sm = out.word();
                out.op("mov.u32", sm, "%smid");
                out.op("cvt.u64.u32", "%r0", sm);
            }
            case GET_PRANDOM_U32 -> random();
            case LOG -> log();
            case MAP_LOOKUP_ELEM, MAP_SLOT_VALUE, MAP_NEXT_SLOT, MAP_SLOT_KEY, MAP_DELETE_ELEM, MAP_UPDATE_ELEM ->
                forMap(facts, map -> {
                    if (map.isHash()) {
                        hash(map, helper.get());
                    } else {
                        array(map, helper.get(), facts);
                    }
                });
            default -> {
                return false;
            }
        }
        return true;
    }

    private void array(PtxMap map, Helper helper, FactState facts) {
        switch (helper) {
            case MAP_LOOKUP_ELEM -> lookup(map, key(facts));
            case MAP_SLOT_VALUE -> lookup(map, "%r2");
            case MAP_NEXT_SLOT -> slot(map, Errno.ENOENT);
            case MAP_SLOT_KEY -> slot(map, 0);
            case MAP_UPDATE_ELEM -> update(map, facts);
            default -> out.op("mov.b64", "%r0", Errno.EINVAL);
        }
    }

    /** Whether there is a call of a function. */
    boolean calls() {
        return callsHashes;
    }

    /** What a function must declare that calls helpers of hashes. */
    String declarations() {
        return callsHashes
                ? HASH_PROTOTYPE
                        + ":\n    .callprototype (.param .b64 _) _ (.param .b64 _, .param .b64 _, .param .b64 _,"
                        + " .param .b64 _, .param .b64 _);\n"
                : "";
    }

    /** A call of call_hash (gbpf/hash.cuh) in the kernel, whose address the device wrote into the hash. */
    private void hash(PtxMap map, Helper helper) {
        callsHashes = true;
        String hash = out.wide("mov.b64", map.address());
        String function = out.wide();
        out.op("ld.relaxed.gpu.global.b64", function, "[" + hash + "+" + HASH_CALL + "]");
        out.open();
        out.op(".param .b64", "result");
        List<String> names = new ArrayList<>();
        for (Object value : List.of(hash, helper.id(), "%r2", "%r3", "%r4")) {
            String name = "a" + names.size();
            names.add(name);
            out.op(".param .b64", name);
            out.op("st.param.b64", "[" + name + "]", out.wide("xor.b64", PtxFunction.UNKNOWN_ZERO, value));
        }
        out.op("call", "(result)", function, "(" + String.join(", ", names) + ")", HASH_PROTOTYPE);
        out.op("ld.param.b64", "%r0", "[result]");
        out.close();
    }

    /** Of SplitMix64 (Steele, Lea and Flood, 2014) the finalizer, over what no other call in the device has: clock, SM and thread. */
    private void random() {
        String clock = out.wide();
        out.op("mov.u64", clock, "%clock64");
        String sm = out.word();
        out.op("mov.u32", sm, "%smid");
        String thread = out.word();
        out.op("mov.u32", thread, "%tid.x");
        String place = out.wide();
        out.op("mov.b64", place, "{" + thread + ", " + sm + "}");
        String x = out.wide("mad.lo.u64", place, 0x9E37_79B9_7F4A_7C15L, out.wide("xor.b64", clock, PtxFunction.NOW));
        x = out.wide("mul.lo.u64", folded(x, 30), 0xBF58_476D_1CE4_E5B9L);
        x = out.wide("mul.lo.u64", folded(x, 27), 0x94D0_49BB_1331_11EBL);
        out.op("shr.u64", "%r0", folded(x, 31), 32);
    }

    private String folded(String x, int shift) {
        return out.wide("xor.b64", x, out.wide("shr.u64", x, shift));
    }

    /** As write_log of gbpf/helper.cuh: an entry whose position is 0 is being written. */
    private void log() {
        String end = out.label();
        out.jumpIf(out.predicate("setp.eq.u64", PtxFunction.LOG, 0), end);
        String position = out.wide();
        out.op("atom.relaxed.gpu.global.add.u64", position, "[" + PtxFunction.LOG + "]", 1);
        String index = out.wide("and.b64", position, LOG_ENTRIES - 1);
        String entry = out.wide("mad.lo.u64", index, LOG_ENTRY, PtxFunction.LOG);
        String next = out.wide("add.u64", position, 1);
        out.op("st.relaxed.gpu.global.b64", "[" + entry + "+" + LOG_HEADER + "]", out.wide("mov.b64", 0));
        String[] fields = {PtxFunction.NOW, "%r1", "%r2"};
        for (int i = 0; i < fields.length; i++) {
            out.op("st.release.gpu.global.b64", "[" + entry + "+" + (LOG_HEADER + 8 * (i + 1)) + "]", fields[i]);
        }
        out.op("st.release.gpu.global.b64", "[" + entry + "+" + LOG_HEADER + "]", next);
        out.place(end);
        out.op("mov.b64", "%r0", 0);
    }

    /** What is done with the map in r1: one, or whichever of the policy's it is. */
    private void forMap(FactState facts, Consumer<PtxMap> action) {
        Fact handle = facts.get(Register.R1);
        if (handle.base() == Fact.Base.HANDLE) {
            action.accept(maps.get(handle.map()));
            return;
        }
        String end = out.label();
        for (Map.Entry<Integer, PtxMap> candidate : maps.all().entrySet()) {
            String other = out.label();
            long itsHandle = HelperDispatcher.mapHandle(candidate.getKey());
            out.jumpIf(out.predicate("setp.ne.u64", "%r1", itsHandle), other);
            action.accept(candidate.getValue());
            out.jump(end);
            out.place(other);
        }
        out.op("mov.b64", "%r0", 0); // no verified program comes here
        out.place(end);
    }

    private String key(FactState facts) {
        String key = out.wide();
        memory.load(key, argument(Register.R2, facts), Width.W, false);
        return key;
    }

    private static Address argument(Register register, FactState facts) {
        return new Address(ArithmeticEmitter.name(register), facts.get(register), 0);
    }

    private String isWithin(PtxMap map, String index) {
        return out.predicate("setp.lt.u64", index, map.entries());
    }

    /** The address of the value of an index within the map. */
    private String value(PtxMap map, String index) {
        String base = out.wide("mov.b64", map.address());
        if (map.isPerCpu()) {
            base = out.wide("mad.lo.u64", out.wide("cvt.u64.u32", PtxFunction.CPU), map.rowBytes(), base);
        }
        return out.wide("mad.lo.u64", index, map.stride(), base);
    }

    private void lookup(PtxMap map, String index) {
        String isWithin = isWithin(map, index);
        out.op("selp.b64", "%r0", value(map, index), 0, isWithin);
    }

    private void slot(PtxMap map, long otherwise) {
        out.op("selp.b64", "%r0", "%r2", otherwise, isWithin(map, "%r2"));
    }

    /** As array_update of gbpf/map.cuh, whose checks come in this order. */
    private void update(PtxMap map, FactState facts) {
        String result = out.wide("mov.b64", Errno.EINVAL);
        String end = out.label();
        out.jumpIf(out.predicate("setp.gt.u64", "%r4", 2), end);
        if (map.readOnly()) {
            out.op("mov.b64", result, Errno.EPERM);
        } else {
            String index = key(facts);
            out.op("mov.b64", result, Errno.E2BIG);
            out.jumpIf("!" + isWithin(map, index), end);
            out.op("mov.b64", result, Errno.EEXIST);
            out.jumpIf(out.predicate("setp.eq.u64", "%r4", 1), end);
            copy(argument(Register.R3, facts), new Address(value(map, index), Fact.MAP_VALUE, 0), map.valueSize());
            out.op("mov.b64", result, 0);
        }
        out.place(end);
        out.op("mov.b64", "%r0", result);
    }

    private void copy(Address from, Address to, int bytes) {
        Width width = Width.DW;
        while (width != Width.B && (width.bytes() > bytes || !from.fact().isAligned(0, width.bytes()))) {
            width = Width.ofBytes(width.bytes() / 2);
        }
        int whole = bytes / width.bytes() * width.bytes();
        if (whole / width.bytes() <= UNROLLED) {
            for (int at = 0; at < whole; at += width.bytes()) {
                copyOne(from, to, at, width);
            }
        } else {
            copyLoop(from, to, whole, width);
        }
        for (int at = whole; at < bytes; at++) {
            copyOne(from, to, at, Width.B);
        }
    }

    private void copyOne(Address from, Address to, int at, Width width) {
        String value = out.wide();
        memory.load(value, new Address(from.register(), from.fact(), at), width, false);
        memory.store(new Address(to.register(), to.fact(), at), value, width);
    }

    private void copyLoop(Address from, Address to, int bytes, Width width) {
        String at = out.wide("mov.b64", 0);
        String again = out.label();
        out.place(again);
        String value = out.wide();
        String type = ".b" + width.bits();
        out.op("ld" + type, value, "[" + out.wide("add.u64", from.register(), at) + "]");
        out.op("st.global" + type, "[" + out.wide("add.u64", to.register(), at) + "]", value);
        out.op("add.u64", at, at, width.bytes());
        out.jumpIf(out.predicate("setp.lt.u64", at, bytes), again);
    }
}
