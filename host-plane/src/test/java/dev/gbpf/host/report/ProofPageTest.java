package dev.gbpf.host.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.AbiVersion;
import dev.gbpf.abi.Hook;
import dev.gbpf.asm.PolicyAssembler;
import dev.gbpf.asm.PolicyAssemblyResult;
import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Program;
import dev.gbpf.object.LineInfo;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.object.ProgramObject;
import dev.gbpf.verifier.Verifier;
import dev.gbpf.verifier.VerifierOptions;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class ProofPageTest {
    private static final String LOOP = """
            .policy p
            .map used hash key=4 value=64 entries=64
            .hook on_tick
                    r6 = 0
            head:   r6 += 1
                    r1 = r6
                    call double
                    if r0 > 30 goto out
                    if r6 < 8 goto head
            out:    r0 = 0
                    exit
            double: r0 = r1
                    r0 += r0
                    exit
                    r0 = 77
                    exit
            """;

    private static final String REJECTED = """
            .policy p
            .hook on_submit
                    r0 = 0
                    r2 = *(u32 *)(r1 + ctx.priority)
                    if r2 <= 4 goto out
                    r0 = r2
            out:    exit
            """;

    @Test
    void page_isWellFormedAndHoldsEveryInstruction() throws Exception {
        Document page = parse(page(assemble(LOOP)));
        List<String> code = byClass(page, "td", "code");
        assertThat(code)
                .contains("r6 = 0x0", "r6 += 0x1", "r0 += r0", "r0 = 0x4d", "if r6 < 0x8 goto -0x5")
                .hasSizeGreaterThanOrEqualTo(13);
        assertThat(text(page)).contains("head of a loop that goes back at most 7 times: r6 grows by 1");
        assertThat(text(page)).contains("in the function called at line 7", "known before it");
        assertThat(page.getElementsByTagName("svg").getLength()).isEqualTo(1);
    }

    @Test
    void rejection_isMarkedWithItsWay() throws Exception {
        Document page = parse(page(assemble(REJECTED)));
        assertThat(byClass(page, "tr", "fault")).singleElement().asString().contains("exit");
        assertThat(byClass(page, "div", "block path")).hasSizeGreaterThanOrEqualTo(2);
        assertThat(text(page)).contains("error[V0060]", "line 5 not taken, because ctx.priority > 4");
    }

    @Test
    void hostileTexts_areEscaped() throws Exception {
        String evil = "</pre><script>alert('x')</script>&\u0001\u202e]]>";
        Program program = new Program(List.of(new Instruction.Exit()));
        PolicyObject object = new PolicyObject(
                "p",
                AbiVersion.CURRENT,
                List.of(),
                List.of(new ProgramObject(Hook.ON_TICK, program, List.of(new LineInfo(0, 1, 1, 3)))),
                new SourceFile(evil + ".gbpf", evil + "\n"));
        String html = page(object);
        assertThat(html).doesNotContain("<script", "alert('x')").contains("&lt;script&gt;");
        assertThat(parse(html).getElementsByTagName("script").getLength()).isZero();
    }

    @Test
    void largeProgram_hasABlockAndARowForEach() throws Exception {
        StringBuilder source =
                new StringBuilder(".policy p\n.hook on_submit\n r2 = *(u32 *)(r1 + ctx.priority)\n r0 = 0\n");
        for (int i = 0; i < 100; i++) {
            source.append(" if r2 == " + i + " goto out\n r2 += " + i + "\n");
        }
        Document page = parse(page(assemble(source + "out: exit\n")));
        assertThat(byClass(page, "div", "block")).hasSizeGreaterThanOrEqualTo(101);
        assertThat(byClass(page, "rect", "box")).hasSizeGreaterThanOrEqualTo(101);
    }

    @Test
    void structureFault_showsTheInstructionsWithoutAGraph() throws Exception {
        Document page = parse(page(assemble(".policy p\n.hook on_tick\n r0 = 0\n r10 = 0\n exit\n")));
        assertThat(byClass(page, "td", "code")).hasSize(3);
        assertThat(page.getElementsByTagName("svg").getLength()).isZero();
    }

    private static String page(PolicyObject object) {
        return ProofPage.write(object, new Verifier(VerifierOptions.DEFAULT.keepingStates()).verify(object));
    }

    private static PolicyObject assemble(String source) {
        return switch (PolicyAssembler.assemble(new SourceFile("p.gasm", source))) {
            case PolicyAssemblyResult.Assembled(PolicyObject object) -> object;
            case PolicyAssemblyResult.Failed(List<Diagnostic> diagnostics) ->
                throw new AssertionError(diagnostics.toString());
        };
    }

    private static Document parse(String html) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(html.getBytes(StandardCharsets.UTF_8)));
    }

    private static String text(Document page) {
        return page.getDocumentElement().getTextContent();
    }

    /** The texts of the elements of a class, or of several. */
    private static List<String> byClass(Document page, String tag, String style) {
        List<String> texts = new ArrayList<>();
        NodeList nodes = page.getElementsByTagName(tag);
        for (int i = 0; i < nodes.getLength(); i++) {
            Element element = (Element) nodes.item(i);
            if (element.getAttribute("class").startsWith(style)) {
                texts.add(element.getTextContent());
            }
        }
        return texts;
    }
}
