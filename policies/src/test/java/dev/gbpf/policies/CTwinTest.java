package dev.gbpf.policies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.ContextField;
import dev.gbpf.abi.Hook;
import dev.gbpf.host.library.PolicyLibrary;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.map.MapFactory;
import dev.gbpf.host.vm.InterpretedProgram;
import dev.gbpf.isa.Width;
import dev.gbpf.lang.compile.CompileResult;
import dev.gbpf.lang.compile.PolicyCompiler;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.verifier.VerificationResult;
import dev.gbpf.verifier.Verifier;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A policy and its twin in C do the same, on any context, any contents of maps and any answers of the plane. */
class CTwinTest {
    private static final int ROUNDS = 20;
    private static final int RUNS_IN_A_ROUND = 20;
    private static final long MAX_U32 = 0xFFFF_FFFFL;

    private final Verifier verifier = new Verifier();

    @BeforeAll
    static void needsClang() {
        CTwin.assumeClang();
    }

    @Test
    void everyPolicy_hasATwin() {
        assertThat(PolicyLibrary.ofClassPath().names())
                .allSatisfy(name -> assertThat(CTwin.source(name)).exists());
    }

    @TestFactory
    Stream<DynamicTest> twin_onRandomStates_doesWhatThePolicyDoes() {
        return PolicyLibrary.ofClassPath().names().stream()
                .map(name -> DynamicTest.dynamicTest(name, () -> compare(name)));
    }

    private void compare(String name) {
        PolicyObject policy = compiled(name);
        PolicyObject twin = CTwin.compile(name);
        assertThat(twin.name()).isEqualTo(policy.name());
        assertThat(sorted(twin.maps())).isEqualTo(sorted(policy.maps()));
        assertThat(hooks(twin)).isEqualTo(hooks(policy));
        for (PolicyObject object : List.of(policy, twin)) {
            assertThat(verifier.verify(object)).isInstanceOf(VerificationResult.Accepted.class);
        }
        for (long seed = 0; seed < ROUNDS; seed++) {
            assertThat(behaviour(twin, seed)).as("%s, seed %d", name, seed).isEqualTo(behaviour(policy, seed));
        }
    }

    private static PolicyObject compiled(String name) {
        return ((CompileResult.Compiled) PolicyCompiler.compile(Library.source(name))).object();
    }

    private static List<MapDefinition> sorted(List<MapDefinition> maps) {
        return maps.stream().sorted(Comparator.comparing(MapDefinition::name)).toList();
    }

    private static List<Hook> hooks(PolicyObject policy) {
        return Arrays.stream(Hook.values())
                .filter(hook -> policy.program(hook).isPresent())
                .toList();
    }

    /** Everything that a series of runs does, as text: calls with their arguments, verdicts, outputs, maps. */
    private static List<String> behaviour(PolicyObject policy, long seed) {
        Random random = new Random(seed);
        List<String> seen = new ArrayList<>();
        List<BpfMap> maps = policy.maps().stream()
                .map(map -> MapFactory.create(map, Arena.ofConfined()))
                .toList();
        try (Arena arena = Arena.ofConfined()) {
            sortedByName(maps).forEach(map -> fill(map, random));
            List<Hook> hooks = hooks(policy);
            for (int i = 0; i < RUNS_IN_A_ROUND; i++) {
                Hook hook = hooks.get(random.nextInt(hooks.size()));
                MemorySegment context = context(hook, random, arena);
                RandomServices services = new RandomServices(new Random(random.nextLong()), seen);
                InterpretedProgram program = new InterpretedProgram(
                        policy.program(hook).orElseThrow().program(), maps, arena);
                long verdict = program.run(context.address(), services);
                seen.add(hook.symbol() + " gives " + verdict + ", context "
                        + Arrays.toString(context.toArray(ValueLayout.JAVA_BYTE)));
                sortedByName(maps).forEach(map -> seen.add(map.name() + " holds " + contents(map)));
            }
        } finally {
            maps.forEach(BpfMap::close);
        }
        return seen;
    }

    private static List<BpfMap> sortedByName(List<BpfMap> maps) {
        return maps.stream().sorted(Comparator.comparing(BpfMap::name)).toList();
    }

    private static void fill(BpfMap map, Random random) {
        int entries = map.definition().maxEntries();
        for (int i = 0; i < entries; i++) {
            ByteBuffer value = ByteBuffer.allocate(map.definition().valueSize()).order(ByteOrder.LITTLE_ENDIAN);
            while (value.remaining() >= Long.BYTES) {
                value.putLong(number(random));
            }
            while (value.hasRemaining()) {
                value.put((byte) random.nextInt());
            }
            map.put(i, value.array(), BpfMap.ANY);
        }
    }

    private static List<String> contents(BpfMap map) {
        List<String> entries = new ArrayList<>();
        map.forEach((key, value) -> entries.add(Arrays.toString(key) + "=" + Arrays.toString(value)));
        return entries;
    }

    /** A context with each field in its range. */
    private static MemorySegment context(Hook hook, Random random, Arena arena) {
        MemorySegment context = arena.allocate(hook.context().size(), Long.BYTES);
        for (ContextField field : hook.context().fields()) {
            long value = inRange(field, random);
            if (field.width() == Width.W) {
                context.set(ValueLayout.JAVA_INT, field.offset(), (int) value);
            } else {
                context.set(ValueLayout.JAVA_LONG, field.offset(), value);
            }
        }
        return context;
    }

    private static long inRange(ContextField field, Random random) {
        long value = field.width() == Width.W ? number(random) & MAX_U32 : number(random);
        if (!field.bounded()) {
            return value;
        }
        long span = field.max() - field.min() + 1;
        return field.min() + (span == 0 ? value : Long.remainderUnsigned(value, span));
    }

    /** Small numbers, times, and the extremes. */
    static long number(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> random.nextInt(4);
            case 1 -> -1 - random.nextInt(3);
            case 2 -> random.nextInt(100);
            case 3 -> random.nextLong(20_000_000_000L);
            case 4 -> 1L << random.nextInt(64);
            default -> random.nextLong();
        };
    }
}
