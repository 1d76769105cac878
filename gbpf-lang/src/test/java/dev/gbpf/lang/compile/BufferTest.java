package dev.gbpf.lang.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.gbpf.abi.Helper;
import dev.gbpf.abi.Hook;
import dev.gbpf.abi.MapKind;
import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.isa.Instruction;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.object.PolicyObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Queues, stacks and ring buffers. What they do is tried by tests of policies. */
class BufferTest {
    private static final String HEAD = """
            policy p;
            struct Event { tenant: u32, kind: u8, wait: i64 }
            map q: queue<u32>[8];
            map s: stack<Event>[8];
            map r: ringbuf<Event>[4KiB];
            map h: hash<u32, u64>[8];
            map e: array<Event>[1];
            """;

    private static CompileResult compile(String body) {
        return Policies.compile(HEAD + "hook on_tick(ctx) {\n" + body + "\n}\n");
    }

    private static PolicyObject compiled(String body) {
        return ((CompileResult.Compiled) compile(body)).object();
    }

    private static List<Helper> calls(String body) {
        return compiled(body).program(Hook.ON_TICK).orElseThrow().program().instructions().stream()
                .filter(i -> i instanceof Instruction.CallHelper)
                .map(i -> Helper.byId(((Instruction.CallHelper) i).id()).orElseThrow())
                .toList();
    }

    @Test
    void declarations_giveSizesAndTypes() {
        List<MapDefinition> maps = compiled("h[1] = 1; push(q, 1) else { }").maps();
        assertThat(maps.subList(0, 3))
                .extracting(
                        MapDefinition::kind,
                        MapDefinition::keySize,
                        MapDefinition::valueSize,
                        MapDefinition::maxEntries)
                .containsExactly(
                        tuple(MapKind.QUEUE, 0, 4, 8),
                        tuple(MapKind.STACK, 0, 16, 8),
                        tuple(MapKind.RINGBUF, 0, 16, 4096));
        assertThat(maps).allSatisfy(m -> assertThat(m.types()).isNotNull());
    }

    @Test
    void emit_reservesAndSubmitsOnce() {
        assertThat(calls("emit(r, Event { tenant: 1, kind: 2, wait: -3 }) else { return; }"))
                .containsExactly(Helper.RINGBUF_RESERVE, Helper.RINGBUF_SUBMIT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "if let v = pop(s) { log(v.kind, v.tenant); push(s, v) else { } e[0] = v; emit(r, v) else { } }",
                "let v = peek(s) else { return; } log(1, v.tenant);",
                "for i in 0..4 { let v = pop(q) else { break; } log(i, v); }",
                "log(1, 1 + (pop(q) else 2));",
                "let x = pop(q) else pop(q) else 3; log(1, x);",
                "push(s, e[0]) else { log(1, 1); }",
                "var x = 0; x = pop(q) else 7; h[peek(q) else 1] = x;",
            })
    void operations_compileWithoutAWord(String body) {
        assertThat(complaints(body)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '@', textBlock = """
            push(q, 1);                                     @ E0311
            emit(r, e[0]);                                  @ E0311
            log(1, pop(q));                                 @ E0301
            pop(q);                                         @ E0301
            let x = push(q, 1); log(1, x);                  @ E0414
            if let x = push(q, 1) { log(1, x); }            @ E0414
            push(r, e[0]) else { }                          @ E0310
            emit(q, 1) else { }                             @ E0310
            log(1, pop(h) else 0);                          @ E0310
            log(1, pop(r) else 0);                          @ E0310
            log(1, pop(nope) else 0);                       @ E0307
            log(1, pop(1 + 2) else 0);                      @ E0307
            log(1, q[0] else 0);                            @ E0309
            q[0] = 1;                                       @ E0309
            delete q[0];                                    @ E0309
            for k in q { log(1, k); }                       @ E0504
            log(1, q);                                      @ E0108
            push(q) else { }                                @ E0405
            log(1, pop(q, 1) else 0);                       @ E0405
            push(q, e[0]) else { }                          @ E0323
            push(s, 1) else { }                             @ E0324
            log(1, pop(s) else 0);                          @ E0323
            push(s, Event { tenant: 1 }) else { }           @ E0321
            let v = pop(q) else { } log(1, v);              @ E0328
            var v = pop(q) else { return; } log(1, v);      @ E0329
            if let v = pop(s) { v.kind = 1; }               @ E0403
            if let v = pop(q) { v = 1; }                    @ E0109
            if let v = pop(s) { log(1, v.nope); }           @ E0320
            if let v = pop(s) { log(1, v); }                @ E0323
            if let v = pop(q) { }                           @ E0901
            if let v = pop(s) { }                           @ E0901
            log(1, 2) else { }                              @ E0308
            log(1, ktime_get_ns() else 0);                  @ E0016
            """)
    void mistakes_areNamed(String body, String code) {
        assertThat(complaints(body)).containsExactly(code);
    }

    /** Codes of what is said, but that a body leaves out some of the maps. */
    private static List<String> complaints(String body) {
        List<Diagnostic> found = switch (compile(body)) {
            case CompileResult.Failed(var errors) -> errors;
            case CompileResult.Compiled(var _, var warnings) -> warnings;
        };
        return found.stream()
                .map(Diagnostic::code)
                .filter(c -> !c.equals("E0905"))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ringbuf<Event>[40]", "ringbuf<Event>[100]", "queue<u64>[0]"})
    void capacities_outOfRange_areRefused(String map) {
        CompileResult result = Policies.compile("policy p; struct Event { a: u64, b: u64 } map m: " + map
                + "; hook on_tick(ctx) { log(1, ctx.tick); }");
        assertThat(((CompileResult.Failed) result).diagnostics())
                .extracting(Diagnostic::code)
                .contains("E0306");
    }

    @Test
    void functionsOfTheSameNames_takeTheirPlace() {
        assertThat(Policies.compile(
                        "policy p; fn pop(a: u64) -> u64 { return a + 1; } fn push(a: u64, b: u64) { log(a, b); }"
                                + " hook on_tick(ctx) { push(1, pop(2)); }"))
                .isInstanceOf(CompileResult.Compiled.class);
    }

    @Test
    void functions_mayUseThem() {
        assertThat(Policies.compile("policy p; map q: queue<u64>[8]; fn next() -> u64 { return pop(q) else 0; }"
                        + " fn wait(t: u64) { push(q, t) else { log(1, t); } }"
                        + " hook on_tick(ctx) { wait(ctx.tick); log(2, next()); }"))
                .isInstanceOf(CompileResult.Compiled.class);
    }
}
