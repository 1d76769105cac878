package dev.gbpf.lang.compile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpressionTest {
    /** Seven, and minus seven, which the compiler cannot know. */
    private static final String UNKNOWN = """
            map u: array<u64>[2];
            map i: array<i64>[2];
            """;

    private static final String SET = "u[0] = 7; i[0] = -7;";

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '\'', textBlock = """
            1 + 2 * 3                           ; 7
            (1 + 2) * 3                         ; 9
            10 - 4 - 3                          ; 3
            100 / 10 / 5                        ; 2
            7 % 4 * 2                           ; 6
            1 << 2 + 1                          ; 8
            6 & 3 | 8                           ; 10
            6 ^ 3 & 1                           ; 7
            1 | 2 ^ 3 & 2                       ; 1
            ~0                                  ; -1
            ~0 & 0xff                           ; 255
            -1                                  ; -1
            - - 5                               ; 5
            -7 / 2                              ; -3
            -7 % 2                              ; -1
            -8 >> 1                             ; -4
            ~0 >> 60                            ; 15
            1_000                               ; 1000
            0xFF                                ; 255
            0b1010                              ; 10
            50ms                                ; 50000000
            3us + 2ns                           ; 3002
            2s                                  ; 2000000000
            4KiB                                ; 4096
            1MiB / 1KiB                         ; 1024
            1GiB                                ; 1073741824
            7B                                  ; 7
            18446744073709551615                ; -1
            0xffff_ffff_ffff_ffff               ; -1
            -9223372036854775808                ; -9223372036854775808
            min(3, 5)                           ; 3
            max(3, 5)                           ; 5
            min(-3, 5)                          ; -3
            max(1, 2) + min(8, 9)               ; 10
            -1 as u64 / 2                       ; 9223372036854775807
            (1 < 2) as u64                      ; 1
            (1 > 2) as u64                      ; 0
            true as u64                         ; 1
            (true && false) as u64              ; 0
            (true || false) as u64              ; 1
            (!true == false) as u64             ; 1
            NONE                                ; -1
            MAX_TENANTS                         ; 64
            JOB_PRIORITY + 1                    ; 6
            (NONE as i64 < 0) as u64            ; 1
            """)
    void constantExpression_anyOperator_hasTheDocumentedValue(String expression, long expected) {
        assertThat(Policies.evaluate("", expression)).isEqualTo(expected);
        assertThat(Policies.evaluate("const C = " + expression + ";", "C")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '\'', textBlock = """
            u[0] + 1                            ; 8
            1 + u[0] + 1                        ; 9
            u[0] - 8                            ; -1
            8 - u[0]                            ; 1
            u[0] * 8                            ; 56
            u[0] * 9                            ; 63
            u[0] / 4                            ; 1
            u[0] / 3                            ; 2
            u[0] % 4                            ; 3
            u[0] % 5                            ; 2
            u[0] / u[1]                         ; 0
            u[0] % u[1]                         ; 7
            i[0] / 2                            ; -3
            i[0] / 4                            ; -1
            i[0] % 4                            ; -3
            i[0] / i[1]                         ; 0
            i[0] % i[1]                         ; -7
            i[0] >> 1                           ; -4
            (i[0] as u64) >> 63                 ; 1
            u[0] << 62                          ; -4611686018427387904
            u[0] << (u[0] + 57)                 ; 7
            ~u[0]                               ; -8
            -u[0]                               ; -7
            -i[0]                               ; 7
            u[0] ^ 5                            ; 2
            u[0] | 8                            ; 15
            u[0] & 0x1_0000_0003                ; 3
            u[0] + 0x1_0000_0000                ; 4294967303
            u[0] * 0x8000_0000                  ; 15032385536
            min(u[0], 9)                        ; 7
            max(u[0], 9)                        ; 9
            min(9, u[0])                        ; 7
            max(i[0], -9)                       ; -7
            min(i[0], 3)                        ; -7
            max(u[0], u[1])                     ; 7
            (u[0] == 7) as u64                  ; 1
            (u[0] != 7) as u64                  ; 0
            (7 < u[0]) as u64                   ; 0
            (6 < u[0]) as u64                   ; 1
            (u[0] >= 7) as u64                  ; 1
            (i[0] < 0) as u64                   ; 1
            (i[0] > -8) as u64                  ; 1
            ((i[0] as u64) > 5) as u64          ; 1
            (u[0] > 5 && u[0] < 9) as u64       ; 1
            (u[0] > 7 || i[0] > 0) as u64       ; 0
            (!(u[0] > 7 || i[0] > 0)) as u64    ; 1
            ((u[0] & 2) != 0) as u64            ; 1
            ((u[0] & 8) == 0) as u64            ; 1
            ((u[0] > 5) == (i[0] < 0)) as u64   ; 1
            ((u[0] > 5) != (i[0] < 0)) as u64   ; 0
            (u[0] > 5) as u64 + 1               ; 2
            (u[0] - 8) / 2                      ; 9223372036854775807
            u[0] as i64 - 8                     ; -1
            (u[0] as i64 - 8) / 2               ; 0
            0 - u[0]                            ; -7
            u[0] * 0 + 3                        ; 3
            """)
    void expression_valuesKnownAtRunTimeOnly_hasTheDocumentedValue(String expression, long expected) {
        assertThat(Policies.evaluateIn(UNKNOWN, SET + "dsq_len(" + expression + ");"))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            false && dsq_len(99) > 0    ; 5
            true || dsq_len(99) > 0     ; 5
            u[0] > 9 && dsq_len(99) > 0 ; 5
            u[0] > 5 && dsq_len(99) > 0 ; 99
            u[0] > 5 || dsq_len(99) > 0 ; 5
            u[0] > 9 || dsq_len(99) > 0 ; 99
            """)
    void logicalOperator_decidedByItsLeftSide_skipsItsRightSide(String condition, long last) {
        String body = SET + "dsq_len(5); let b = " + condition + "; if b { kick(0); }";
        assertThat(Policies.evaluateIn(UNKNOWN, body)).isEqualTo(last);
    }
}
