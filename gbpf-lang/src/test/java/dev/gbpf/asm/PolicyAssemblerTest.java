package dev.gbpf.asm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.AbiVersion;
import dev.gbpf.abi.Hook;
import dev.gbpf.abi.MapKind;
import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.diagnostic.SourceSpan;
import dev.gbpf.object.LineInfo;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.object.ProgramObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyAssemblerTest {
    private static final String LEAST_SERVED = """
            // least_served: whoever has had the least device time goes first.
            .policy least_served
            .abi 1.0
            .map used hash key=4 value=8 entries=MAX_TENANTS
            .map table array key=4 value=8 entries=1 readonly
            .data table u16 1, -2
            .data table "a\\x00\\n"

            .hook init
                    r1 = 1
                    mov %r2, DSQ_VTIME
                    call dsq_create
                    r0 = OK
                    exit

            .hook on_submit
                    r6 = r1
                    w1 = *(u32 *)(r6 + ctx.tenant)
                    stxw [%r10-4], %r1
                    r1 = map_by_idx(used)
                    r2 = r10; r2 += -4
                    call map_lookup_elem
                    r2 = 0
                    if r0 == 0 goto insert
                    r2 = *(u64 *)(r0 + 0)
            insert: r1 = 1
                    call dsq_insert_vtime
                    r0 = ENQUEUE
                    exit

            .hook on_dispatch
                    lddw %r2, map_val(map_by_idx(table))
            insert: r0 = 1
                    exit
            """;

    @Test
    void assemble_ofAPolicy_givesItsObject() {
        PolicyObject object = assembled(LEAST_SERVED);
        assertThat(object.name()).isEqualTo("least_served");
        assertThat(object.abi()).isEqualTo(new AbiVersion(1, 0));
        assertThat(object.maps().getFirst()).isEqualTo(new MapDefinition("used", MapKind.HASH, 4, 8, 64));
        assertThat(object.maps().get(1).readOnly()).isTrue();
        assertThat(object.maps().get(1).initial()).hasToString("0100feff61000a");
        assertThat(object.programs())
                .extracting(ProgramObject::hook)
                .containsExactly(Hook.INIT, Hook.ON_SUBMIT, Hook.ON_DISPATCH);
        assertThat(Disassembler.assembly(object.programs().get(1).program(), Syntax.LLVM))
                .isEqualTo("""
                                r6 = r1
                                r1 = *(u32 *)(r6 + 0x40)
                                *(u32 *)(r10 - 0x4) = r1
                                r1 = map_by_idx(0x0)
                                r2 = r10
                                r2 += -0x4
                                call 0x1
                                r2 = 0x0
                                if r0 == 0x0 goto L11
                                r2 = *(u64 *)(r0 + 0x0)
                        L11:
                                r1 = 0x1
                                call 0x10002
                                r0 = 0x0
                                exit
                        """);
        assertThat(object.programs().get(2).lines().getFirst()).isEqualTo(new LineInfo(0, 32, 9, 36));
        assertThat(object.source()).isNotNull();
    }

    @Test
    void assemble_withoutAbi_isForThisInterface() {
        assertThat(assembled(".policy p").abi()).isEqualTo(AbiVersion.CURRENT);
    }

    @Test
    void isPolicy_goesByTheFirstStatement() {
        assertThat(isPolicy("# text\n\n;; .hook init")).isTrue();
        assertThat(isPolicy("exit\n.policy p")).isFalse();
        assertThat(isPolicy(".L1: exit")).isFalse();
        assertThat(isPolicy("\u00e4\n.policy p")).isFalse();
        assertThat(isPolicy("")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // code, line, column and length of the place, message, advice; @ stands for a line end
                ".policy p@.polcy q | E1007 | 2:1:6 | there is no directive '.polcy' | did you mean '.policy'?",
                ".policy p@.text | E1007 | 2:1:5 | there is no directive '.text' | directives are .policy, .abi, .map, .data, .hook",
                ".policy p@.policy q | E1009 | 2:1:7 | '.policy' stands there twice | take one out",
                ".policy p.q | E1001 | 1:9:3 | expected the name of the policy, found 'p.q' | a name is 1 to 64 letters, digits and underscores",
                ".policy p q | E1001 | 1:11:1 | expected the end of the statement, found 'q' |",
                ".hook init@exit | E1009 | 1:1:1 | the policy has no name | begin with '.policy NAME'",
                ".policy p@exit | E1009 | 2:1:4 | an instruction outside of a hook | begin the program with '.hook on_submit' or another hook",
                ".policy p@.hook on_retired | E1010 | 2:7:10 | there is no hook 'on_retired' | did you mean 'on_retire'?",
                ".policy p@.hook init@exit@.hook init | E1009 | 4:7:4 | hook 'init' has a program already | put both together",
                ".policy p@.abi 2.0 | E1002 | 2:6:3 | the policy is for interface 2.0, this build runs 1.0 to ABI | use a gbpf that speaks 2.0",
                ".policy p@.abi x | E1001 | 2:6:1 | expected a version such as ABI, found 'x' |",
                ".policy p@.map m hush key=4 value=8 entries=1 | E1001 | 2:8:4 | expected a kind of map (KINDS), found 'hush' | did you mean 'hash'?",
                ".policy p@.map m array key=8 value=8 entries=1 | E1008 | 2:6:1 | map m: key size=8 is out of range for array |",
                ".policy p@.map m hash key=4 value=0 entries=1 | E1008 | 2:6:1 | map m: value size=0 is not in 1..65536 |",
                ".policy p@.map m hash key=4 value=8 | E1001 | 2:26:1 | expected 'entries', found the end of the statement |",
                ".policy p@.map m hash key=4 value=8 entries=1 readonly | E1008 | 2:6:1 | map m: only an array can be read-only or have initial contents |",
                ".policy p@.map m array key=4 value=8 entries=1@.map m array key=4 value=8 entries=1 | E1008 | 3:6:1 | map 'm' is defined twice | rename one of them",
                ".policy p@.map m array key=4 value=2 entries=1@.data m u8 1, 2, 3 | E1008 | 3:7:1 | the contents of map 'm' have bytes=3, a value has 2 | make the value of the map larger",
                ".policy p@.map m array key=4 value=2 entries=1@.data m u8 256 | E1002 | 3:12:3 | 256 does not fit here | take a wider type",
                ".policy p@.map m array key=4 value=2 entries=1@.data m f8 1 | E1001 | 3:9:2 | expected u8, u16, u32, u64 or a text, found 'f8' | write '.data NAME u32 1, 2'",
                ".policy p@.map m array key=4 value=9 entries=1@.data m \"a\\q\" | E1001 | 3:11:2 | '\\q' is no escape |",
                ".policy p@.map m array key=4 value=9 entries=1@.data m \"a | E1001 | 3:9:1 | the text has no end | end it with '\"' in its line",
                ".policy p@.map m hash key=4 value=2 entries=1@.data m u8 1 | E1008 | 3:7:1 | only an array can have contents |",
                ".policy p@.map used hash key=4 value=8 entries=1@.hook init@r1 = map_by_idx(usd) | E1008 | 4:17:3 | there is no map 'usd' | did you mean 'used'?",
                ".policy p@.data n u8 1 | E1008 | 2:7:1 | there is no map 'n' | define it above with '.map'",
                ".policy p@.hook init@r0 = *(u32 *)(r1 + ctx.reson) | E1001 | 3:20:9 | expected a number, found 'ctx.reson' | did you mean 'ctx.reason'?",
                ".policy p@.hook init@r0 = ENQUEUE | E1001 | 3:6:7 | expected a value, found 'ENQUEUE' |",
            })
    void assemble_ofBadSource_saysWhatWasExpectedWhere(
            String source, String code, String place, String message, String help) {
        PolicyAssemblyResult result = PolicyAssembler.assemble(new SourceFile("t.gasm", source.replace('@', '\n')));
        assertThat(result).isInstanceOf(PolicyAssemblyResult.Failed.class);
        List<Diagnostic> diagnostics = ((PolicyAssemblyResult.Failed) result).diagnostics();
        assertThat(diagnostics).hasSize(1);
        Diagnostic diagnostic = diagnostics.getFirst();
        assertThat(diagnostic.message())
                .isEqualTo(message.replace("ABI", AbiVersion.CURRENT.toString())
                        .replace("KINDS", String.join(", ", MapKind.keywords())));
        assertThat(diagnostic.code()).isEqualTo(code);
        String[] parts = place.split(":", -1);
        assertThat(diagnostic.span())
                .isEqualTo(new SourceSpan(
                        Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2])));
        if (help != null) {
            assertThat(diagnostic.help()).isEqualTo(help);
        }
    }

    @Test
    void assemble_ofTooManyMaps_saysTheLimit() {
        StringBuilder source = new StringBuilder(".policy p\n");
        for (int i = 0; i < 65; i++) {
            source.append(".map m").append(i).append(" array key=4 value=8 entries=1\n");
        }
        PolicyAssemblyResult result = PolicyAssembler.assemble(new SourceFile("t.gasm", source.toString()));
        assertThat(((PolicyAssemblyResult.Failed) result).diagnostics())
                .singleElement()
                .satisfies(d -> assertThat(d.code()).isEqualTo("E0709"));
    }

    private static boolean isPolicy(String text) {
        return PolicyAssembler.isPolicy(new SourceFile("t.gasm", text));
    }

    private static PolicyObject assembled(String source) {
        PolicyAssemblyResult result = PolicyAssembler.assemble(new SourceFile("t.gasm", source));
        assertThat(result).isInstanceOf(PolicyAssemblyResult.Assembled.class);
        return ((PolicyAssemblyResult.Assembled) result).object();
    }
}
