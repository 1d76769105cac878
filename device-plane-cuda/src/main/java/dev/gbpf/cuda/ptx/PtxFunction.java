package dev.gbpf.cuda.ptx;

import dev.gbpf.cuda.ptx.MemoryEmitter.Address;
import dev.gbpf.host.helper.HelperDispatcher;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.Register;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * One function of a program as a function of PTX. Registers are registers of the machine, jumps are jumps, and what the verifier proved is not
 * looked at again.
 */
final class PtxFunction {
    /** The clock of the moment, ns. */
    static final String NOW = "%now";
    /** Which values of a {@code percpu_array} are its own; 32 bits. */
    static final String CPU = "%cpu";
    /** Where it logs; 0 for nowhere. */
    static final String LOG = "%log";
    /**
     * 0, which the assembler cannot know: the sign of the clock. What calls are given passes through it. For ptxas (13.0, from -O2 on) takes a
     * register that has a constant when it is passed to a function for that constant still after the call, though the function may have
     * used the register: a variable whose upper half is 0 got what a division had left there.
     */
    static final String UNKNOWN_ZERO = "%zero";

    /** Registers that a call keeps, and what the assembler may put beside them on the stack, at most. */
    private static final int SAVED_BYTES = 640;

    private final Program program;
    private final FunctionBody body;
    private final boolean isMain;
    private final IntFunction<String> names;
    private final PtxMaps maps;
    private final FactAnalysis facts;
    private final FramePlan plan;
    private final PtxWriter out = new PtxWriter();
    private final ArithmeticEmitter arithmetic = new ArithmeticEmitter(out);
    private final MemoryEmitter memory;
    private final HelperEmitter helpers;

    /**
     * A function.
     *
     * @param names what functions are called, by their entry
     */
    PtxFunction(Program program, FunctionBody body, IntFunction<String> names, PtxMaps maps) {
        this.program = program;
        this.body = body;
        this.isMain = body.entry() == 0;
        this.names = names;
        this.maps = maps;
        this.plan = FramePlan.of(program, body, FactAnalysis.of(program, body.entry(), FramePlan.NONE), maps);
        this.facts = FactAnalysis.of(program, body.entry(), plan);
        this.memory = new MemoryEmitter(out, plan);
        this.helpers = new HelperEmitter(out, memory, maps);
    }

    /** Bytes of the thread's stack that a call of it takes at most, without those that it calls. */
    int stackBytes() {
        return plan.bytes() + plan.slots() * Long.BYTES + SAVED_BYTES;
    }

    /** Its head: a main function takes the context, others r1 to r5; then both clock, CPU and log. */
    String head() {
        StringBuilder head = new StringBuilder(isMain ? ".visible " : "")
                .append(".func (.param .b64 answer) ")
                .append(names.apply(body.entry()))
                .append("(");
        for (int i = 1; i <= arguments(); i++) {
            head.append(".param .b64 argument").append(i).append(", ");
        }
        return head.append(".param .b64 now, .param .b32 cpu, .param .b64 log)").toString();
    }

    private int arguments() {
        return isMain ? 1 : 5;
    }

    /** Whether it calls others; known when there is a text. */
    boolean calls() {
        return !body.callees().isEmpty() || arithmetic.calls();
    }

    /** Head and body. */
    String text() {
        for (int i = body.reached().nextSetBit(0); i >= 0; i = body.reached().nextSetBit(i + 1)) {
            if (body.targets().get(i)) {
                out.place(label(i));
            }
            emit(i);
        }
        return head() + "\n{\n" + declarations() + helpers.declarations() + out.declarations() + prologue() + out.text()
                + "}\n";
    }

    private String declarations() {
        StringBuilder text = new StringBuilder("    .reg .b64 %r<11>, %now, %log, %zero;\n    .reg .b32 %cpu;\n");
        if (plan.slots() > 0) {
            text.append("    .reg .b64 %s<").append(plan.slots()).append(">;\n");
        }
        if (plan.bytes() > 0) {
            text.append("    .local .align 16 .b8 ")
                    .append(MemoryEmitter.FRAME)
                    .append("[")
                    .append(plan.bytes())
                    .append("];\n");
        }
        return text.toString();
    }

    /** Everything begins with 0: what is not read is not there in the end. */
    private String prologue() {
        PtxWriter begin = new PtxWriter();
        for (int r = 0; r < Register.COUNT; r++) {
            if (r >= 1 && r <= arguments()) {
                begin.op("ld.param.b64", "%r" + r, "[argument" + r + "]");
            } else {
                begin.op("mov.b64", "%r" + r, 0);
            }
        }
        for (int slot = 0; slot < plan.slots(); slot++) {
            begin.op("mov.b64", MemoryEmitter.slot(slot), 0);
        }
        begin.op("ld.param.b64", NOW, "[now]");
        if (calls() || helpers.calls()) {
            begin.op("shr.s64", UNKNOWN_ZERO, NOW, Long.SIZE - 1);
        }
        begin.op("ld.param.b32", CPU, "[cpu]");
        begin.op("ld.param.b64", LOG, "[log]");
        if (plan.isGivenAway()) {
            begin.op("mov.b64", "%r10", MemoryEmitter.FRAME);
            begin.op("cvta.local.u64", "%r10", "%r10");
            begin.op("add.u64", "%r10", "%r10", plan.bytes());
        } else {
            begin.op("mov.b64", "%r10", 1 << 20); // nobody uses it but to compare it with 0
        }
        return begin.text();
    }

    private static String label(int i) {
        return "L" + i;
    }

    private Address address(int i, Register base, int offset) {
        return new Address(ArithmeticEmitter.name(base), facts.before(i).get(base), offset);
    }

    private void emit(int i) {
        switch (program.get(i)) {
            case Instruction.Alu alu -> arithmetic.alu(alu);
            case Instruction.Mov mov -> arithmetic.mov(mov);
            case Instruction.Neg neg -> arithmetic.neg(neg);
            case Instruction.ByteSwap swap -> arithmetic.swap(swap);
            case Instruction.LoadImm64 load -> out.op("mov.b64", ArithmeticEmitter.name(load.dst()), load.value());
            case Instruction.LoadPseudo load -> pseudo(i, load);
            case Instruction.Load load ->
                memory.load(
                        ArithmeticEmitter.name(load.dst()),
                        address(i, load.base(), load.offset()),
                        load.width(),
                        load.signExtend());
            case Instruction.Store store ->
                memory.store(address(i, store.base(), store.offset()), store.src(), store.width());
            case Instruction.Atomic atomic -> memory.atomic(atomic, address(i, atomic.base(), atomic.offset()));
            case Instruction.Jump jump -> out.jump(label(FunctionBody.target(program, i, jump.offset())));
            case Instruction.CondJump jump ->
                out.jumpIf(arithmetic.condition(jump), label(FunctionBody.target(program, i, jump.offset())));
            case Instruction.CallHelper call -> {
                if (!helpers.call(call.id(), facts.before(i))) {
                    throw FunctionBody.refused(program, i, "device programs have no such helper");
                }
            }
            case Instruction.CallLocal call -> call(names.apply(FunctionBody.target(program, i, call.offset())));
            case Instruction.CallBtf _ -> throw FunctionBody.refused(program, i, "there are no helpers by BTF id");
            case Instruction.CallRegister _ ->
                throw FunctionBody.refused(program, i, "calls by register are not supported");
            case Instruction.Exit _ -> {
                out.op("st.param.b64", "[answer]", "%r0");
                out.op("ret");
            }
        }
    }

    private void pseudo(int i, Instruction.LoadPseudo load) {
        String d = ArithmeticEmitter.name(load.dst());
        switch (load.kind()) {
            case MAP_BY_FD, MAP_BY_INDEX -> out.op("mov.b64", d, HelperDispatcher.mapHandle(load.imm()));
            case MAP_VALUE_BY_FD, MAP_VALUE_BY_INDEX -> {
                PtxMap map = maps.get(load.imm());
                if (map.isPerCpu()) {
                    throw FunctionBody.refused(program, i, "a percpu_array has no one value");
                }
                out.op("mov.b64", d, map.address());
                out.op("add.u64", d, d, load.nextImm());
            }
            case VARIABLE, CODE ->
                throw FunctionBody.refused(program, i, "addresses of variables and code are not supported");
        }
    }

    /** Each call has parameters of its own, in a block of its own. */
    private void call(String function) {
        List<String> names = new ArrayList<>();
        out.open();
        out.op(".param .b64", "result");
        for (int r = 1; r <= 5; r++) {
            pass(names, "b64", "a" + r, out.wide("xor.b64", "%r" + r, UNKNOWN_ZERO));
        }
        pass(names, "b64", "its_now", NOW);
        pass(names, "b32", "its_cpu", CPU);
        pass(names, "b64", "its_log", LOG);
        out.op("call", "(result)", function, "(" + String.join(", ", names) + ")");
        out.op("ld.param.b64", "%r0", "[result]");
        out.close();
    }

    private void pass(List<String> names, String type, String name, String value) {
        names.add(name);
        out.op(".param ." + type, name);
        out.op("st.param." + type, "[" + name + "]", value);
    }
}
