package dev.gbpf.host.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Hook;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.map.MapRegistry;
import dev.gbpf.lang.compile.CompileResult;
import dev.gbpf.lang.compile.PolicyCompiler;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EpochProgramTest {
    /** A run of a policy that cannot have an address in a hash publishes nothing; all others do. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "array<u64>[4] | false",
                "percpu_array<u64>[4] | false",
                "hash<u32, u64>[4] | true",
                "lru_hash<u32, u64>[4] | true"
            })
    void runs_areInEpochs_onlyWhereAMapUsesPlacesAgain(String map, boolean expected) {
        CompileResult result = PolicyCompiler.compile(new SourceFile("p.gbpf", """
                policy p;
                map a: array<u64>[1];
                map m: %s;
                hook on_tick(ctx) { a[0] += 1; m[1] = 2; }
                """.formatted(map)));
        assertThat(result).isInstanceOf(CompileResult.Compiled.class);
        try (MapRegistry maps = new MapRegistry()) {
            LoadResult loaded = new ImageLoader(maps).load(((CompileResult.Compiled) result).object());
            assertThat(loaded).isInstanceOfSatisfying(LoadResult.Loaded.class, l -> {
                assertThat(l.image().program(Hook.ON_TICK) instanceof EpochProgram)
                        .isEqualTo(expected);
                l.image().discard();
            });
        }
    }
}
