package dev.gbpf.host.policytest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.diagnostic.DiagnosticRenderer;
import dev.gbpf.diagnostic.ErrorCatalogue;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.lang.policytest.TestCompileResult;
import dev.gbpf.lang.policytest.TestCompiler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyTestRunnerTest {
    private static final String POLICY = """
            policy t;
            const FIFO = 1;
            const ORDERED = 2;
            map used: hash<u32, u64>[4];
            map debt: hash<u16, i64>[4];
            map seen: array<u64>[4];
            // Too large, and called too often, to stand in place of its calls.
            fn mixed(a: u64, b: i64) -> u64 {
                var s = a;
                for i in 0..20 max 20 {
                    if s > 1000 { return s; }
                    s += i * a;
                    if b < 0 { s *|= 3; } else { s ^= b as u64; }
                }
                return s + 1;
            }
            fn odd(x: u64) -> bool { return x % 2 == 1; }
            fn remember(x: u64) { seen[0] = mixed(x, -1) + mixed(x, 1); }
            struct Window { start: u64, jobs: u16 }
            struct Account { balance: i32, window: Window }
            map accounts: hash<u32, Account>[2];
            hook init(ctx) {
                dsq_create(FIFO, DSQ_FIFO);
                dsq_create(ORDERED, DSQ_VTIME);
                seen[3] = ctx.tenants;
            }
            hook on_submit(ctx) {
                if ctx.tenant == 7 {
                    ctx.reason = 33;
                    return REJECT;
                }
                if ctx.tenant == 8 { return DIRECT; }
                seen[0] = ctx.now_ns;
                seen[1] = ctx.job_id;
                seen[2] = ctx.queued;
                debt[1] = -5;
                log(1, get_prandom_u32());
                if ctx.priority > 0 {
                    dsq_insert(FIFO);
                } else {
                    dsq_insert_vtime(ORDERED, used[ctx.tenant] else 0);
                }
                used[ctx.tenant] = (used[ctx.tenant] else 0) + ctx.cost_ns;
                return ENQUEUE;
            }
            hook on_dispatch(ctx) {
                if dsq_len(ORDERED) > 0 { return ORDERED; }
                if dsq_len(FIFO) > 0 { return FIFO; }
                return IDLE;
            }
            hook on_retire(ctx) {
                kick(0);
                accounts[ctx.tenant].balance -= 5 else {
                    accounts[ctx.tenant] = Account { balance: -5, window: Window { start: ctx.now_ns, jobs: 1 } };
                }
                log(tenant_inflight(ctx.tenant), ctx.run_ns);
            }
            hook on_tick(ctx) {
                dsq_move(ORDERED, FIFO, 0);
                for id, account in accounts {
                    account.balance *= 2;
                    if id > 5 { delete accounts[id]; }
                }
                for i, s in seen { if i == 1 { s += 100; } }
                if odd(ctx.tick) { remember(ctx.tick); }
                if odd(ctx.tick / 2) { remember(ctx.tick / 2); }
            }
            """;

    static List<TestOutcome> run(String text) {
        SourceFile source = new SourceFile("t.gbpf", text);
        return switch (TestCompiler.compile(source)) {
            case TestCompileResult.Failed(var errors) ->
                throw new AssertionError(new DiagnosticRenderer(source, false).render(errors));
            case TestCompileResult.Compiled compiled -> {
                PolicyTestRunner runner = new PolicyTestRunner(compiled.object());
                assertThat(runner.verify(compiled.tests())).isEmpty();
                yield compiled.tests().stream().map(runner::run).toList();
            }
        };
    }

    private static List<Diagnostic> failures(String steps) {
        return run(POLICY + "test \"a\" { " + steps + " }").getFirst().failures();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // Nothing is there at the start; init has run.
                "expect absent(used[0]) && seen[0] == 0 && dsq_len(FIFO) == 0 && seen[3] == MAX_TENANTS;",
                "init { tenants: 3 }; expect seen[3] == 3;",
                // Maps.
                "given used[0] = 1, used[1] = 2; expect used[0] == 1 && used[used[0]] == 2 && absent(used[2]);",
                "given used[0] = 1; given delete used[0]; expect absent(used[0]) && !present(used[0]);",
                "given debt[1] = -7; let d = debt[1]; expect d == -7 && d < 0 && debt[1] + 8 > 0;",
                "given seen[1] = 9; let s = seen[1]; let b = s > 4; expect b && b == true && !(s < 4);",
                // Functions, in the policy and in the test itself.
                "on_tick { tick: 5 }; expect seen[0] == mixed(5, -1) + mixed(5, 1) && mixed(5, -1) == 2085;",
                "given seen[0] = mixed(3, 0); expect seen[0] == mixed(odd(3) as u64 + 2, 0); expect !odd(4);",
                "given accounts[1] = Account { window: Window { jobs: 3, start: 9 }, balance: -7 };"
                        + " expect accounts[1].balance == -7 && accounts[1].window.jobs == 3 && absent(accounts[2]);",
                "at 5ms; on_retire { tenant: 1 }; on_retire { tenant: 1 }; let five = 5ms;"
                        + " expect accounts[1] == Account { balance: -10, window: Window { start: five, jobs: 1 } };",
                "given accounts[3] = Account { balance: -4, window: Window { start: 0, jobs: 0 } };"
                        + " given accounts[9] = Account { balance: 1, window: Window { start: 0, jobs: 0 } };"
                        + " on_tick {}; expect accounts[3].balance == -8 && absent(accounts[9]) && seen[1] == 100;",
                // Hooks, verdicts, outputs.
                "let r = on_submit { tenant: 1, cost_ns: 2ms }; expect r == ENQUEUE && r.reason == 0 && used[1] == 2ms;",
                "let r = on_submit { tenant: 7 }; expect r == REJECT && r != ENQUEUE && r.reason == 33;",
                // Time and random numbers.
                "at 5ms; on_submit {}; expect seen[0] == 5ms; at 5ms; at 6ms; expect ktime_get_ns() == 6ms;",
                "given random = [7, 9]; on_submit {}; expect logged(1, 7); on_submit {}; expect logged(1, 9);",
                "given random = 4294967295; on_submit {}; expect logged(1, 0xffff_ffff) && logged(1) && logged();",
                // Jobs wait where the policy put them, in order.
                "on_submit { tenant: 1 }; on_submit { tenant: 2 }; expect seen[1] == 2 && seen[2] == 1;",
                "given used[1] = 9; on_submit { tenant: 1 }; on_submit { tenant: 2 };"
                        + " expect dsq_len(ORDERED) == 2 && dsq_peek(ORDERED, JOB_TENANT) == 2 && inserted(2, 0);",
                "on_submit { priority: 4, weight: 5, deadline_ns: 9ms }; expect inserted(1) && !inserted(2)"
                        + " && dsq_peek(FIFO, JOB_PRIORITY) == 4 && dsq_peek(FIFO, JOB_WEIGHT) == 5"
                        + " && dsq_peek(FIFO, JOB_DEADLINE_NS) == 9ms;",
                "on_submit {}; let q = on_dispatch {}; expect q == ORDERED && dsq_len(q) == 0 && tenant_inflight(0) == 1;"
                        + " let n = on_dispatch {}; expect n == IDLE;",
                "on_submit { tenant: 8 }; expect tenant_inflight(8) == 1; on_retire { tenant: 8, run_ns: 3 };"
                        + " expect logged(1, 3) && kicked(0) && tenant_inflight(8) == 0;",
                "on_submit {}; on_tick {}; expect moved(ORDERED, FIFO) && dsq_len(FIFO) == 1; on_tick {}; expect !moved();",
                // Queues that are given.
                "given queue ORDERED = [{tenant: 0, vtime: 100}, {tenant: 3, vtime: 50}];"
                        + " expect dsq_len(ORDERED) == 2 && dsq_peek(ORDERED, JOB_TENANT) == 3 && dsq_peek(2, JOB_VTIME) == 50;"
                        + " given queue ORDERED = []; expect dsq_len(ORDERED) == 0;",
                "given queue FIFO = [{submitted_ns: 5, deadline_ns: 7}]; expect dsq_peek(1, JOB_DEADLINE_NS) == 7;",
                "given queue 9 = [{}], dsq_create(10, DSQ_FIFO); expect dsq_len(9) == 1 && dsq_len(10) == 0;",
                "init {}; expect created(FIFO, DSQ_FIFO) && created(ORDERED) && !created(3);",
            })
    void expectation_holds(String steps) {
        assertThat(failures(steps)).isEmpty();
    }

    @Test
    void expectation_aboutAField_showsTheWholeEntry() {
        Diagnostic failure = failures("let id = 1; on_retire { tenant: id }; expect accounts[id].balance > 0;")
                .getFirst();
        assertThat(failure.notes())
                .containsExactly("`accounts[id]` is Account { balance: -5, window: Window { start: 0, jobs: 1 } }");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', textBlock = """
            T0201 ~ let r = on_submit {}; expect r == REJECT;          ~ `r` should be REJECT (2), and is ENQUEUE (0)
            T0201 ~ expect seen[3] == 5;                               ~ `seen[3]` should be 5, and is 64
            T0201 ~ expect seen[3] < 5;                                ~ `seen[3]` should be less than 5, and is 64
            T0201 ~ expect 70 <= seen[3];                              ~ `seen[3]` should be at least 70, and is 64
            T0201 ~ given debt[1] = -7; expect debt[1] > 0;            ~ `debt[1]` should be more than 0, and is -7
            T0201 ~ given used[1] = 0xffff_ffff_ffff_ffff; expect used[1] <= 3; ~ `used[1]` should be at most 3, and is 18446744073709551615
            T0201 ~ given used[1] = 4; expect seen[3] == used[1];      ~ `seen[3]` should be `used[1]`, which is 4, and is 64
            T0201 ~ let b = seen[3] == 5; expect b == true;            ~ `b` should be true, and is false
            T0201 ~ expect seen[3] == 5 || seen[3] == 6;               ~ this should be true, and is false
            T0201 ~ expect false;                                      ~ this should be true, and is false
            T0201 ~ expect present(used[1]);                           ~ `used[1]` should be present, and is absent
            T0201 ~ given used[1] = 4; expect !present(used[1]);       ~ `used[1]` should be absent, and is present
            T0201 ~ on_submit {}; expect inserted(2, 5);               ~ `inserted(2, 5)` did not happen
            T0201 ~ on_submit {}; expect !logged(1);                   ~ `logged(1)` happened
            T0201 ~ on_retire { tenant: 1 }; expect accounts[1] == Account { balance: 5, window: Window { start: 0, jobs: 2 } }; ~ `accounts[1]` should be Account { balance: 5, window.start: 0, window.jobs: 2 }, and is Account { balance: -5, window.start: 0, window.jobs: 1 }
            T0202 ~ expect accounts[1] == Account { balance: 5, window: Window { start: 0, jobs: 2 } }; ~ `accounts[1]` is absent
            T0202 ~ expect accounts[1].balance == 5;                   ~ `accounts[1].balance` is absent
            T0202 ~ expect used[1] == 1;                               ~ `used[1]` is absent
            T0202 ~ let x = used[1]; expect false;                     ~ `used[1]` is absent
            T0202 ~ given used[0] = 9; expect used[used[0]] == 1;      ~ `used[used[0]]` is absent
            T0202 ~ on_submit { tenant: used[0] }; expect false;       ~ `used[0]` is absent
            T0203 ~ given used[0] = 1, used[1] = 1, used[2] = 1, used[3] = 1, used[4] = 1; expect false; ~ the map refused this entry
            T0203 ~ let x = seen[3]; on_submit { tenant: x }; expect false; ~ `tenant` is never 64
            T0203 ~ given debt[1] = -1; on_submit { cost_ns: debt[1] }; expect false; ~ `cost_ns` is never -1
            T0203 ~ at 5; at 4; expect false;                          ~ the clock cannot go back
            T0203 ~ given queue FIFO = [{vtime: 3}]; expect false;     ~ dispatch queue 1 is first in, first out: its jobs have no vtime
            T0203 ~ let x = 0; given queue x - 1 = [{}]; expect false; ~ a dispatch queue is numbered from 1 to 2147483647, and there are at most 4096
            T0203 ~ at 5; on_submit { deadline_ns: 5 }; expect false;  ~ a deadline is later than the submission of its job, at 5 ns
            """)
    void expectation_fails_withBothSides(String code, String steps, String message) {
        List<Diagnostic> failures = failures(steps);
        assertThat(failures).extracting(Diagnostic::code).containsExactly(code);
        assertThat(failures.getFirst().message()).isEqualTo(message);
        assertThat(failures.getFirst().span()).isNotNull();
    }

    @Test
    void failedExpectation_doesNotEndTheTest() {
        assertThat(failures("expect false; expect used[1] == 1; expect seen[3] == 3;"))
                .hasSize(3);
    }

    @Test
    void test_startsFromNothing() {
        String test = "{ expect absent(used[0]); given used[0] = 1; on_submit {}; expect seen[1] == 1; }\n";
        assertThat(run(POLICY + "test \"a\" " + test + "test \"b\" " + test))
                .hasSize(2)
                .allMatch(TestOutcome::passed)
                .allMatch(o -> o.expectations() == 2);
    }

    @Test
    void init_refuses_testFails() {
        String policy = "policy t; hook init(ctx) { return 4; } ";
        List<TestOutcome> outcomes =
                run(policy + "test \"a\" { expect true; } test \"b\" { let r = init {}; expect r == 4; }");
        assertThat(outcomes.get(0).failures())
                .extracting(Diagnostic::message)
                .containsExactly("`init` refuses with reason code 4");
        assertThat(outcomes.get(1).passed()).isTrue();
    }

    @Test
    void unsafePolicy_isNotRun() {
        SourceFile source = new SourceFile(
                "t.gbpf", "policy t; hook on_dispatch(ctx) { return ctx.now_ns; } test \"a\" { expect true; }");
        TestCompileResult.Compiled compiled = (TestCompileResult.Compiled) TestCompiler.compile(source);
        assertThat(new PolicyTestRunner(compiled.object()).verify(compiled.tests()))
                .extracting(Diagnostic::code)
                .containsExactly("V0060");
    }

    /** What a test computes is what the language says: the sum, of whatever numbers, in a variable and in a comparison. */
    @Property(tries = 60)
    void arithmetic_isTheLanguages(@ForAll long a, @ForAll long b) {
        String left = Long.toUnsignedString(a);
        String right = Long.toUnsignedString(b);
        String steps = "given used[0] = " + left + "; let x = " + right + "; let s = used[0] + x; expect s == "
                + Long.toUnsignedString(a + b) + " && used[0] * x == " + Long.toUnsignedString(a * b)
                + " && (used[0] as i64 < x as i64) == " + (a < b) + " && (used[0] < x) == "
                + (Long.compareUnsigned(a, b) < 0) + ";";
        assertThat(failures(steps)).isEmpty();
    }

    @TestFactory
    Stream<DynamicTest> catalogue_examplesOfFailures_failAsTheySay() {
        return ErrorCatalogue.compiler().entries().stream()
                .filter(e -> e.code().startsWith("T02"))
                .map(e -> DynamicTest.dynamicTest(e.code(), () -> {
                    assertThat(e.example()).isNotNull();
                    assertThat(e.fixedExample()).isNotNull();
                    assertThat(run(e.example()).getFirst().failures())
                            .extracting(Diagnostic::code)
                            .containsExactly(e.code());
                    assertThat(run(e.fixedExample()).getFirst().failures()).isEmpty();
                }));
    }

    @Test
    void languageReference_itsTestsPass() throws IOException {
        String page = Files.readString(Path.of(System.getProperty("gbpf.root", ".."), "docs", "language.md"));
        Matcher fence = Pattern.compile("```gbpf\n(.*?)\n```", Pattern.DOTALL).matcher(page);
        List<TestOutcome> outcomes = new ArrayList<>();
        while (fence.find()) {
            outcomes.addAll(run(fence.group(1)));
        }
        assertThat(outcomes).hasSizeGreaterThanOrEqualTo(2).allMatch(TestOutcome::passed);
    }
}
