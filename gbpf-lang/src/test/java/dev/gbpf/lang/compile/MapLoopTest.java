package dev.gbpf.lang.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Hook;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Loops over the entries of maps. */
class MapLoopTest {
    private static final String MAPS = """
            struct Pair { a: u32, b: u64 }
            map hash: hash<i16, Pair>[4];
            map narrow: hash<u8, u64>[4];
            map pairs: array<Pair>[3];
            map numbers: array<u64>[3];
            """;

    private final List<Long> trace = new ArrayList<>();

    private List<Long> trace(String body) {
        String text = "policy test;\n" + MAPS + "hook on_tick(ctx) {\n" + body + "\n}\n";
        Policies.run(Policies.compiled(text), Hook.ON_TICK, call -> {
            trace.add(call.arguments().getFirst());
            return 0;
        });
        return trace;
    }

    private static String put(int key, int value) {
        return "hash[" + key + "] = Pair { a: " + value + ", b: " + 10 * value + " };\n";
    }

    @Test
    void hash_givesEachKeyAndItsEntry() {
        assertThat(trace(put(5, 1) + put(-2, 2) + put(9, 3) + """
                for k, v in hash {
                    dsq_len(k);
                    dsq_len(v.a + v.b);
                    v.b += 1;
                }
                dsq_len(hash[-2].b else 0);
                """)).containsExactly(5L, 11L, -2L, 22L, 9L, 33L, 21L);
    }

    @Test
    void hash_empty_givesNothing() {
        assertThat(trace("for k in hash { dsq_len(k); } dsq_len(77);")).containsExactly(77L);
    }

    @Test
    void hash_full_givesAll() {
        assertThat(trace(put(1, 1) + put(2, 1) + put(3, 1) + put(4, 1) + "for k in hash { dsq_len(k); }"))
                .containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void hash_keysOnly_mayBeDeletedOnTheWay() {
        assertThat(trace(put(1, 1) + put(2, 2) + put(3, 3) + """
                for k, v in hash {
                    dsq_len(k);
                    if v.a != 2 { delete hash[k]; }
                }
                for _k, v in hash { dsq_len(v.b); }
                """)).containsExactly(1L, 2L, 3L, 20L);
    }

    @Test
    void hash_breakAndContinue_leaveAndSkip() {
        assertThat(trace(put(1, 1) + put(2, 2) + put(3, 3) + put(4, 4) + """
                for k, v in hash {
                    if k == 2 { continue; }
                    if v.a == 4 { break; }
                    dsq_len(k);
                }
                """)).containsExactly(1L, 3L);
    }

    @Test
    void hash_entriesThatTheBodyAdds_neverKeepItGoing() {
        assertThat(trace("""
                narrow[0] = 1;
                var n = 0;
                for k, v in narrow {
                    n += 1;
                    delete narrow[k];
                    narrow[k + 1] = v;
                }
                dsq_len(n);
                """)).first().satisfies(n -> assertThat(n).isBetween(1L, 4L));
    }

    @Test
    void array_givesEveryIndexAndElement() {
        assertThat(trace("""
                for i in numbers { numbers[i] = 5 + i; }
                for i, n in numbers { n += i; dsq_len(n); }
                for i, p in pairs { p.a = i + 1; if i == 1 { continue; } p.b = 7; }
                for _i, p in pairs { dsq_len(p.a + p.b); }
                """)).containsExactly(5L, 7L, 9L, 8L, 2L, 10L);
    }

    @Test
    void loops_nested_haveTheirOwnPlaces() {
        assertThat(trace(put(1, 1) + put(2, 2) + """
                for a in hash {
                    for b, v in hash {
                        if b == a { continue; }
                        dsq_len(a * 100 + v.a as i64);
                    }
                }
                """)).containsExactly(102L, 201L);
    }

    @Test
    void index_ofAnArray_isKnownToBeSmall() {
        assertThat(trace("for i in numbers { for j in 0..i { dsq_len(j); } }")).containsExactly(0L, 0L, 1L);
    }
}
