package dev.gbpf.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.cli.Cli.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What queues, stacks and ring buffers of a policy do, tried by its own tests on verified programs. */
class BufferPolicyTest {
    private static final String POLICY = """
            policy p;
            struct Event { tenant: u32, kind: u8, wait: i64 }
            map line: queue<u32>[2];
            map latest: stack<Event>[2];
            map events: ringbuf<Event>[64];
            map kept: array<Event>[1];
            hook on_submit(ctx) {
                push(line, ctx.tenant) else { return REJECT; }
                return ENQUEUE;
            }
            hook on_retire(ctx) {
                push(latest, Event { tenant: ctx.tenant, kind: 255, wait: -3 }) else {
                    let e = pop(latest) else { return; }
                    kept[0] = e;
                    log(e.tenant, e.kind);
                    push(latest, kept[0]) else { log(9, 9); }
                }
                emit(events, Event { tenant: ctx.tenant, kind: 1, wait: -7 }) else { log(8, 8); }
            }
            hook on_tick(ctx) {
                if let t = pop(line) { log(1, t); } else { log(2, 0); }
                log(3, peek(line) else NONE);
            }
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    private Result test(String steps) throws IOException {
        Files.writeString(directory.resolve("p.gbpf"), POLICY + "test \"t\" {\n" + steps + "\n}\n");
        return new Cli(directory).run("test", "p.gbpf");
    }

    private void passes(String steps) throws IOException {
        Result result = test(steps);
        assertThat(result.code()).as(result.out() + result.err()).isZero();
    }

    @Test
    void queue_givesTheOldestFirst_andMayBeFullOrEmpty() throws IOException {
        passes("""
                let a = on_submit { tenant: 5 };
                let b = on_submit { tenant: 6 };
                let c = on_submit { tenant: 7 };
                expect a == ENQUEUE && b == ENQUEUE && c == REJECT;
                expect (peek(line) else 0) == 5 && (pop(line) else 0) == 5;
                on_tick {};
                expect logged(1, 6) && logged(3, NONE);
                on_tick {};
                expect logged(2, 0);
                """);
    }

    @Test
    void stack_givesTheNewestFirst_withAllItsFields() throws IOException {
        passes("""
                given push(latest, Event { tenant: 1, kind: 2, wait: 3 });
                on_retire { tenant: 4 };
                on_retire { tenant: 5 };
                expect logged(4, 255);
                expect kept[0] == Event { tenant: 4, kind: 255, wait: -3 };
                """);
    }

    @Test
    void ring_losesWhatItHasNoRoomFor() throws IOException {
        passes("""
                on_retire { tenant: 1 };
                on_retire { tenant: 2 };
                on_retire { tenant: 3 };
                expect logged(8, 8);
                expect emitted(events, 1, 1, -7) && emitted(events, 2) && !emitted(events, 3);
                on_retire { tenant: 4 };
                expect emitted(events, 4) && !emitted(events, 4, 2);
                """);
    }

    @Test
    void failedExpectation_listsTheRecords() throws IOException {
        Result result = test("on_retire { tenant: 1 }; expect emitted(events, 2);");
        assertThat(result.code()).isEqualTo(10);
        assertThat(result.out() + result.err())
                .contains("`emitted(events, 2)` did not happen", "Event { tenant: 1, kind: 1, wait: -7 }");
    }

    @Test
    void expectation_ofWhatIsNoRing_isRefused() throws IOException {
        assertThat(test("expect emitted(line, 1);").err()).contains("T01");
    }
}
