package dev.gbpf.lang.module;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Hook;
import dev.gbpf.diagnostic.DiagnosticRenderer;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.isa.Instruction;
import dev.gbpf.lang.compile.CompileResult;
import dev.gbpf.lang.compile.PolicyCompiler;
import dev.gbpf.lang.testing.ReferenceMachine;
import dev.gbpf.object.PolicyObject;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** The laws of the standard library, checked on compiled code against exact arithmetic. Numbers are unsigned 64-bit ones. */
class StandardModuleProperties {
    private static final BigInteger MAX = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);
    private static final BigInteger TOKEN = BigInteger.valueOf(1_000_000_000);
    /** Compiled once: the arguments come from a map. */
    private static final Map<String, PolicyObject> COMPILED = new HashMap<>();

    /** The value of a call of {@code module::function}; a bool is 0 or 1. */
    private static BigInteger call(String module, String function, BigInteger... arguments) {
        PolicyObject object =
                COMPILED.computeIfAbsent(module + "::" + function, name -> policy(module, name, arguments));
        List<Long> seen = new ArrayList<>();
        ReferenceMachine machine = new ReferenceMachine(object, c -> {
            seen.add(c.arguments().getFirst());
            return 0;
        });
        for (int i = 0; i < arguments.length; i++) {
            machine.maps().put("arguments", i, arguments[i].longValue());
        }
        machine.run(
                object.program(Hook.ON_TICK).orElseThrow().program(),
                new byte[Hook.ON_TICK.context().size()]);
        return unsigned(seen.getFirst());
    }

    private static PolicyObject policy(String module, String name, BigInteger... arguments) {
        List<String> reads = new ArrayList<>();
        for (int i = 0; i < arguments.length; i++) {
            reads.add("arguments[" + i + "]");
        }
        String call = name + "(" + String.join(", ", reads) + ")";
        String value = name.endsWith("has") ? call + " as u64" : call;
        SourceFile source = new SourceFile(
                "t.gbpf",
                "policy t; import std::" + module + "; map arguments: array<u64>[5]; hook on_tick(ctx) { dsq_len("
                        + value + "); }");
        return switch (PolicyCompiler.compile(source)) {
            case CompileResult.Compiled(PolicyObject object, var _) -> object;
            case CompileResult.Failed(var errors) ->
                throw new AssertionError(new DiagnosticRenderer(source, false).render(errors));
        };
    }

    private static BigInteger unsigned(long value) {
        return new BigInteger(Long.toUnsignedString(value));
    }

    private static BigInteger saturated(BigInteger value) {
        return value.min(MAX).max(BigInteger.ZERO);
    }

    @Provide
    Arbitrary<BigInteger> any() {
        return Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(3, Arbitraries.bigIntegers().between(BigInteger.ZERO, MAX)),
                net.jqwik.api.Tuple.of(
                        2, Arbitraries.bigIntegers().between(BigInteger.ZERO, BigInteger.valueOf(1_000_000))),
                net.jqwik.api.Tuple.of(1, Arbitraries.of(BigInteger.ZERO, BigInteger.ONE, MAX, MAX.shiftRight(1))));
    }

    @Property(tries = 60)
    void bucket_refilled_isExactAndNeverFullerThanItsCapacity(
            @ForAll("any") BigInteger level,
            @ForAll("any") BigInteger elapsed,
            @ForAll("any") BigInteger rate,
            @ForAll("any") BigInteger capacity) {
        BigInteger refilled = call("token_bucket", "refill", level, elapsed, rate, capacity);
        BigInteger earned = saturated(elapsed.multiply(rate));
        assertThat(refilled).isEqualTo(saturated(level.add(earned)).min(saturated(capacity.multiply(TOKEN))));
    }

    @Property(tries = 40)
    void bucket_refillLater_isNeverLess(
            @ForAll("any") BigInteger level,
            @ForAll("any") BigInteger first,
            @ForAll("any") BigInteger second,
            @ForAll("any") BigInteger rate,
            @ForAll("any") BigInteger capacity) {
        assertThat(call("token_bucket", "refill", level, first.min(second), rate, capacity))
                .isLessThanOrEqualTo(call("token_bucket", "refill", level, first.max(second), rate, capacity));
    }

    @Property(tries = 40)
    void bucket_refillInTwoParts_isRefillInOne(
            @ForAll @LongRange(max = 1L << 40) long level,
            @ForAll @LongRange(max = 1L << 30) long first,
            @ForAll @LongRange(max = 1L << 30) long second,
            @ForAll @LongRange(max = 1 << 20) long rate,
            @ForAll @LongRange(max = 1 << 20) long capacity) {
        BigInteger r = unsigned(rate);
        BigInteger c = unsigned(capacity);
        BigInteger once = call("token_bucket", "refill", unsigned(level), unsigned(first + second), r, c);
        BigInteger half = call("token_bucket", "refill", unsigned(level), unsigned(first), r, c);
        assertThat(call("token_bucket", "refill", half, unsigned(second), r, c)).isEqualTo(once);
    }

    @Property(tries = 60)
    void bucket_taken_isNeverNegative_andTakesWhatItHas(
            @ForAll("any") BigInteger level, @ForAll("any") BigInteger tokens) {
        BigInteger wanted = saturated(tokens.multiply(TOKEN));
        BigInteger left = call("token_bucket", "take", level, tokens);
        assertThat(left).isEqualTo(saturated(level.subtract(wanted)));
        boolean has = call("token_bucket", "has", level, tokens).signum() != 0;
        assertThat(has).isEqualTo(level.compareTo(wanted) >= 0);
        assertThat(call("token_bucket", "whole", level)).isEqualTo(level.divide(TOKEN));
    }

    @Property(tries = 60)
    void bucket_wait_isJustLongEnough(
            @ForAll @LongRange(max = 1L << 40) long level,
            @ForAll @LongRange(max = 5000) long tokens,
            @ForAll @LongRange(min = 1, max = 1 << 20) long rate) {
        BigInteger wait = call("token_bucket", "wait", unsigned(level), unsigned(tokens), unsigned(rate));
        BigInteger enough = unsigned(level).add(wait.multiply(unsigned(rate)));
        assertThat(enough).isGreaterThanOrEqualTo(unsigned(tokens).multiply(TOKEN));
        if (wait.signum() > 0) {
            assertThat(enough.subtract(unsigned(rate)))
                    .isLessThan(unsigned(tokens).multiply(TOKEN));
        }
    }

    @Property(tries = 60)
    void vtime_charged_isInProportionToCostAndInverseToWeight(
            @ForAll("any") BigInteger vtime, @ForAll("any") BigInteger cost, @ForAll("any") BigInteger weight) {
        BigInteger paid = saturated(cost.shiftLeft(10)).divide(weight.max(BigInteger.ONE));
        assertThat(call("vtime", "charge", vtime, cost, weight)).isEqualTo(saturated(vtime.add(paid)));
    }

    @Property(tries = 40)
    void vtime_ofTwiceTheWeight_isHalf(
            @ForAll @LongRange(max = 1L << 40) long cost, @ForAll @LongRange(min = 1, max = 1_000_000) long weight) {
        BigInteger once = call("vtime", "charge", BigInteger.ZERO, unsigned(cost), unsigned(weight));
        BigInteger half = call("vtime", "charge", BigInteger.ZERO, unsigned(cost), unsigned(2 * weight));
        assertThat(half).isEqualTo(once.shiftRight(1));
    }

    @Property(tries = 40)
    void vtime_caughtUp_isBehindByTheLagAtMost(
            @ForAll("any") BigInteger vtime, @ForAll("any") BigInteger clock, @ForAll("any") BigInteger lag) {
        BigInteger caught = call("vtime", "catch_up", vtime, clock, lag);
        assertThat(caught).isGreaterThanOrEqualTo(vtime).isGreaterThanOrEqualTo(clock.subtract(lag));
        assertThat(caught).isIn(vtime, saturated(clock.subtract(lag)));
        assertThat(call("vtime", "advance", clock, vtime)).isEqualTo(clock.max(vtime));
    }

    @Property(tries = 60)
    void ewma_step_liesBetweenMeanAndSample(
            @ForAll("any") BigInteger mean, @ForAll("any") BigInteger sample, @ForAll @LongRange(max = 63) long shift) {
        BigInteger next = call("ewma", "step", mean, sample, unsigned(shift));
        assertThat(next).isBetween(mean.min(sample), mean.max(sample));
        BigInteger moved = mean.subtract(sample).abs().shiftRight((int) shift);
        assertThat(next.subtract(mean).abs()).isEqualTo(moved);
    }

    @Property(tries = 60)
    void ewma_blend_liesBetweenMeanAndSample(
            @ForAll("any") BigInteger mean,
            @ForAll("any") BigInteger sample,
            @ForAll @LongRange(max = 0xffff_ffffL) long weight,
            @ForAll @LongRange(max = 0xffff_ffffL) long whole) {
        BigInteger next = call("ewma", "blend", mean, sample, unsigned(weight), unsigned(whole));
        assertThat(next).isBetween(mean.min(sample), mean.max(sample));
        BigInteger difference = mean.subtract(sample).abs();
        BigInteger moved = whole == 0
                ? BigInteger.ZERO
                : difference.multiply(unsigned(Math.min(weight, whole))).divide(unsigned(whole));
        assertThat(next.subtract(mean).abs()).isEqualTo(moved);
    }

    @Property(tries = 20)
    void ewma_ofManySamples_liesBetweenTheLeastAndTheGreatest(
            @ForAll @Size(min = 1, max = 12) List<@LongRange(max = 1_000_000) Long> samples,
            @ForAll @LongRange(max = 6) long shift) {
        BigInteger mean = unsigned(samples.getFirst());
        BigInteger least = mean;
        BigInteger greatest = mean;
        for (long sample : samples) {
            mean = call("ewma", "step", mean, unsigned(sample), unsigned(shift));
            least = least.min(unsigned(sample));
            greatest = greatest.max(unsigned(sample));
            assertThat(mean).isBetween(least, greatest);
        }
    }

    @Property(tries = 80)
    void histogram_bucket_holdsItsNumber(@ForAll("any") BigInteger number, @ForAll @LongRange(max = 64) long down) {
        BigInteger value = number.shiftRight((int) down);
        BigInteger bucket = call("histogram", "bucket", value);
        assertThat(bucket).isEqualTo(BigInteger.valueOf(value.bitLength()));
        assertThat(call("histogram", "least", bucket)).isLessThanOrEqualTo(value);
        if (bucket.intValue() < 64) {
            assertThat(call("histogram", "least", bucket.add(BigInteger.ONE))).isGreaterThan(value);
        }
    }

    @Example
    void everyModule_isThere_andSaysWhatItIsFor() {
        for (String name : StandardModules.names()) {
            String text = StandardModules.find(name).orElseThrow().text();
            assertThat(text)
                    .startsWith("// ")
                    .contains("\nmodule " + name + ";\n")
                    .contains("\ntest \"");
        }
        assertThat(StandardModules.find("nope")).isEmpty();
    }

    @Property(tries = 60)
    void choicesWithoutBranches_areThoseOfExactArithmetic(
            @ForAll("any") BigInteger a, @ForAll("any") BigInteger other, @ForAll boolean same) {
        BigInteger b = same ? a : other;
        BigInteger less = a.compareTo(b) < 0 ? BigInteger.ONE : BigInteger.ZERO;
        assertThat(call("lanes", "less", a, b)).isEqualTo(less);
        assertThat(call("lanes", "equal", a, b)).isEqualTo(a.equals(b) ? BigInteger.ONE : BigInteger.ZERO);
        assertThat(call("lanes", "not", less)).isEqualTo(BigInteger.ONE.subtract(less));
        assertThat(call("lanes", "select", less, a, b)).isEqualTo(a.min(b));
        assertThat(call("lanes", "least", a, b)).isEqualTo(a.min(b));
        assertThat(call("lanes", "greatest", a, b)).isEqualTo(a.max(b));
        assertThat(call("lanes", "minus", a, b)).isEqualTo(saturated(a.subtract(b)));
        assertThat(call("lanes", "plus", a, b)).isEqualTo(saturated(a.add(b)));
    }

    /** Functions for hooks where lanes must stay together. */
    @Example
    void choicesWithoutBranches_haveNone() {
        for (String function : List.of("less", "equal", "least", "greatest", "minus", "plus")) {
            call("lanes", function, BigInteger.ONE, BigInteger.TWO);
        }
        call("lanes", "not", BigInteger.ONE);
        call("lanes", "select", BigInteger.ONE, BigInteger.TWO, BigInteger.TEN);
        COMPILED.forEach((name, object) -> {
            if (name.startsWith("lanes::")) {
                assertThat(object.program(Hook.ON_TICK).orElseThrow().program().instructions())
                        .as(name)
                        .noneMatch(i -> i instanceof Instruction.CondJump);
            }
        });
    }
}
